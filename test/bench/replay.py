"""Replay: how fast it rebuilds everything, against a bare COPY of what it rebuilds, and how long others wait for it."""

import os
import statistics
import subprocess
import threading
import time

import psycopg

import ingest
import poll
from measure import RUNS, report, wanted

MOST_FOR_THE_RATE = 100_000  # entries, of which the rate depends little
READ = "SELECT count(*), sum(hours) FROM timesheet.weekly_report WHERE week_start = '2026-11-16'"
SYNC = ("sync", "--since", "2026-11-23", "--until", "2026-11-25")
SAYS_SO = "waiting for"  # what timesheetd logs once it waits for a lock


def filled(cluster, build, name, fake):
    uri = cluster.new_database(name)
    ingest.backfill(build, uri, fake)
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute("VACUUM (ANALYZE)")
    return uri


def seconds_of(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def over_copy(cluster, build, rows):
    fake = ingest.Fake(build, max(1, min(rows, MOST_FOR_THE_RATE) // ingest.ENTRIES_A_WEEK))
    try:
        uri = filled(cluster, build, "replayed", fake)
    finally:
        fake.stop()
    entries = ingest.count(uri)
    target = cluster.new_database("copied")
    prepared = ingest.prepare(uri, target)
    with psycopg.connect(uri, autocommit=True) as db:
        runs = [
            (seconds_of(lambda: db.execute("SELECT timesheet.replay()")), ingest.bare_copy(target, prepared))
            for _ in range(RUNS)
        ]
    ours, theirs = (statistics.median(entries / seconds for seconds in side) for side in zip(*runs))
    report(
        "replay_over_copy",
        statistics.median(copied / replayed for replayed, copied in runs),
        "ratio",
        f"{ours:.0f} entries/s over {theirs:.0f} entries/s, {entries} entries whose rows are right, "
        f"{RUNS} runs each in turn",
    )


class Replaying:
    """A whole replay by the daemon, again and again, while others are measured beside it."""

    def __init__(self, build, uri):
        self.command = [build / "daemon" / "timesheetd", "replay"]
        self.environment = {**os.environ, "DATABASE_URL": uri, "LOG_LEVEL": "error"}
        self.is_over = False
        self.runs = 0
        self.thread = threading.Thread(target=self.replay)

    def replay(self):
        while not self.is_over:
            subprocess.run(self.command, env=self.environment, check=True)
            self.runs += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_over = True
        self.thread.join()


def sync(build, uri, fake):
    """(seconds of a sync, seconds until it said that it waits, or None if it never did)."""
    environment = {**poll.environment(fake, uri), "LOG_LEVEL": "info"}
    begin, said = time.perf_counter(), None
    with subprocess.Popen(
        [build / "daemon" / "timesheetd", *SYNC], env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        for line in process.stderr:
            if said is None and SAYS_SO in line:
                said = time.perf_counter() - begin
    assert process.returncode == 0
    return time.perf_counter() - begin, said


def waits(cluster, build, rows):
    fake = ingest.Fake(build, max(1, min(ingest.MOST_WEEKS, rows // ingest.ENTRIES_A_WEEK)))
    try:
        uri = filled(cluster, build, "replayed", fake)
        entries = ingest.count(uri)
        with psycopg.connect(uri, autocommit=True) as db:

            def read():
                return seconds_of(lambda: db.execute(READ).fetchone())

            syncs = [sync(build, uri, fake)[0] for _ in range(RUNS)]
            db.execute("VACUUM (ANALYZE)")
            reads = []
            for _ in range(40 * RUNS):
                reads.append(read())
                time.sleep(0.02)
            with Replaying(build, uri):
                time.sleep(0.5)
                syncs_beside = [sync(build, uri, fake) for _ in range(RUNS)]
            with Replaying(build, uri) as replaying:
                time.sleep(0.5)
                reads_beside = []
                while len(reads_beside) < 10 * RUNS or replaying.runs < 1:
                    reads_beside.append(read())
                    time.sleep(0.02)
    finally:
        fake.stop()
    at_once = statistics.median(syncs) + 1  # one that takes longer waits, and has to say so by then
    slow = [(seconds, said) for seconds, said in syncs_beside if seconds > at_once]
    assert all(said is not None and said <= at_once for _, said in slow), (syncs, syncs_beside)
    longest = max(seconds for seconds, _ in syncs_beside)
    report(
        "replay_wait",
        max(reads_beside) / max(reads),
        "ratio",
        f"the longest of {len(reads_beside)} reads {max(reads_beside):.4f} s over {max(reads):.4f} s alone, medians "
        f"{statistics.median(reads_beside):.4f} s and {statistics.median(reads):.4f} s, {entries} entries; a sync "
        f"of 3 days at most "
        f"{longest:.2f} s, alone {statistics.median(syncs):.2f} s, of {RUNS} {len(slow)} said that they wait",
    )


def figures(cluster, build, rows):
    if wanted("replay_over_copy"):
        over_copy(cluster, build, rows)
    if wanted("replay_wait"):
        waits(cluster, build, rows)
