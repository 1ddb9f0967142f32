"""The daemon's figures: a backfill over HTTP against a bare COPY of what it stores, and its memory."""

import json
import os
import signal
import statistics
import subprocess
import threading
import time

import psycopg

from measure import RUNS, report, wanted

ENTRIES_A_WEEK = 1085  # of the fake's forty agents
MOST_WEEKS = 2000  # that the fake makes
MOST_FOR_THE_RATE = 100_000  # entries
# What COPY loads: the columns that are not generated.
COLUMNS = {
    "raw_events": "raw_event_id, resource, jibble_id, payload, fetched_at, ingest_run_id",
    "time_entries": "jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc, utc_offset, "
    "time_zone, raw_type, client_type,"
    " belongs_to_date, workday, workday_end, is_odd_workday, is_manual, jibble_created_at, jibble_updated_at, "
    "deleted_at",
}
DIMENSIONS = ["client_groups", "activities", "agents", "ingest_runs"]


class Fake:
    """A fake Jibble with so many weeks of history."""

    def __init__(self, build, weeks):
        truth = build / "bench" / "truth.json"
        self.process = subprocess.Popen(
            [build / "fake" / "fake-jibble", "--weeks", str(weeks), "--truth", truth], stdout=subprocess.PIPE, text=True
        )
        self.urls = json.loads(self.process.stdout.readline())
        with open(truth, encoding="utf-8") as file:
            self.first_day = json.loads(file.readline().rstrip().rstrip(",") + "}")["first_day"]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def backfill(build, uri, fake):
    """(seconds until the last entry was normalised, as the run log says just before that is committed, seconds with
    the reports stored too, peak resident memory in bytes) of a whole backfill."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": uri,
        "LOG_LEVEL": "error",
        "JIBBLE_CLIENT_ID": "demo",
        "JIBBLE_CLIENT_SECRET": "demo-secret",
        "JIBBLE_REQUESTS_PER_SECOND": "1000000",
        **{
            f"JIBBLE_{host.upper()}_URL": fake.urls[host]
            for host in ("identity", "workspace", "time_tracking", "time_attendance")
        },
    }
    begin, begun_at = time.perf_counter(), time.time()
    process = subprocess.Popen(
        [build / "daemon" / "timesheetd", "backfill", "--since", fake.first_day, "--until", "2026-11-25"],
        env=environment,
    )
    peak = [0]

    def watch():
        while process.poll() is None:
            try:
                with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
                    peak[0] = max(
                        [peak[0]] + [int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:")]
                    )
            except FileNotFoundError:
                pass
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    process.wait()
    seconds = time.perf_counter() - begin
    watcher.join()
    assert process.returncode == 0
    with psycopg.connect(uri) as db:
        (normalised_at,) = db.execute(
            "SELECT extract(epoch FROM max(finished_at))::float8 FROM timesheet.ingest_runs"
        ).fetchone()
    return normalised_at - begun_at, seconds, peak[0]


def prepare(source, target):
    """The rows of `source` as COPY takes them, and `target` with the dimensions they refer to."""
    with psycopg.connect(source) as s, psycopg.connect(target) as t:
        for table in DIMENSIONS:
            with s.cursor().copy(f"COPY timesheet.{table} TO STDOUT") as copy:
                rows = b"".join(bytes(block) for block in copy)
            with t.cursor().copy(f"COPY timesheet.{table} FROM STDIN") as copy:
                copy.write(rows)
        prepared = {}
        for table, columns in COLUMNS.items():
            entries = "WHERE resource = 'TimeEntries'" if table == "raw_events" else ""
            with s.cursor().copy(f"COPY (SELECT {columns} FROM timesheet.{table} {entries}) TO STDOUT") as copy:
                prepared[table] = b"".join(bytes(block) for block in copy)
    return prepared


def bare_copy(uri, prepared):
    """Seconds that COPY takes for the prepared rows, into empty tables with all their indexes and keys."""
    with psycopg.connect(uri) as db:
        db.execute("TRUNCATE timesheet.time_entries, timesheet.raw_events CASCADE")
        db.commit()
        begin = time.perf_counter()
        for table, columns in COLUMNS.items():
            with db.cursor().copy(f"COPY timesheet.{table} ({columns}) FROM STDIN") as copy:
                copy.write(prepared[table])
            db.commit()
        return time.perf_counter() - begin


def count(uri):
    with psycopg.connect(uri) as db:
        return db.execute("SELECT count(*) FROM timesheet.time_entries").fetchone()[0]


def figures(cluster, build, rows):
    if wanted("ingest_over_copy"):
        rate(cluster, build, rows)
    if wanted("daemon_peak_rss"):
        memory(cluster, build, rows)


def rate(cluster, build, rows):
    # Few for the rate: it is measured several times, and does not depend on them.
    fake = Fake(build, max(1, min(rows, MOST_FOR_THE_RATE) // ENTRIES_A_WEEK))
    try:
        source = cluster.new_database("ingested")
        backfill(build, source, fake)
        entries = count(source)
        target = cluster.new_database("copied")
        prepared = prepare(source, target)
        runs = [
            (*backfill(build, cluster.new_database("ingested"), fake)[:2], bare_copy(target, prepared))
            for _ in range(RUNS)
        ]
    finally:
        fake.stop()
    ours, with_reports, theirs = (statistics.median(entries / seconds for seconds in side) for side in zip(*runs))
    report(
        "ingest_over_copy",
        statistics.median(copied / normalised for normalised, _, copied in runs),
        "ratio",
        f"{ours:.0f} entries/s over {theirs:.0f} entries/s, {entries} entries, {RUNS} runs each in turn; "
        f"{with_reports:.0f} entries/s until the reports are stored too",
    )


def memory(cluster, build, rows):
    weeks = max(1, min(MOST_WEEKS, rows // ENTRIES_A_WEEK))
    fake = Fake(build, weeks)
    try:
        uri = cluster.new_database("ingested")
        _, seconds, peak = backfill(build, uri, fake)
    finally:
        fake.stop()
    entries = count(uri)
    most = " (the most that the fake makes)" if weeks == MOST_WEEKS else ""
    report(
        "daemon_peak_rss",
        peak / 2**20,
        "MiB",
        f"a backfill of {entries} entries{most} in {seconds:.0f} s, {entries / seconds:.0f} entries/s",
    )
