"""make bench: the figures of docs/performance.md, each a ratio of things measured side by side in one run.

Prints one line per figure, "bench: NAME VALUE UNIT", the median of interleaved pairs of runs, and the seconds
it was made of. Exit status 1 if a target is missed, 2 if a line was asked for that there is not.
"""

import argparse
import functools
import importlib
import importlib.util
import os
import pathlib
import re
import subprocess
import sys

import psycopg

import engines
import measure
import peers
import reports

ROOT = pathlib.Path(__file__).parents[2]
BUILD = ROOT / "build"


class Cluster:
    """A private server for the length of the run."""

    def __init__(self):
        self.directory = BUILD / "bench"
        self.command("stop")
        subprocess.run(["rm", "-rf", self.directory], check=True)
        self.uri = self.command("start", BUILD / "stage")
        self.superuser_uri = self.command("uri", "postgres")

    def command(self, name, *arguments):
        return subprocess.run(
            [ROOT / "test" / "cluster.sh", name, self.directory, *arguments],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout.strip()

    def stop(self):
        self.command("stop")

    def new_database(self, name):
        """An empty one with our schema, in place of any other of this name."""
        with psycopg.connect(self.superuser_uri, autocommit=True) as db:
            db.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            db.execute(f"CREATE DATABASE {name} OWNER timesheet")
        uri = self.uri.rsplit("/", 1)[0] + "/" + name
        subprocess.run(
            [BUILD / "daemon" / "timesheetd", "migrate"],
            env={**os.environ, "DATABASE_URL": uri, "LOG_LEVEL": "error"},
            check=True,
        )
        return uri


class Filled:
    """Databases of so many agents with ROWS time entries, and with a hundredth of them: each is filled when it is first
    asked for, in place of those of other agents."""

    def __init__(self, cluster, rows, **how):
        self.cluster, self.rows, self.how = cluster, rows, how

    def fill(self, name, rows):
        uri = self.cluster.new_database(name)
        with psycopg.connect(uri, autocommit=True) as db:
            engines.fill(db, rows, **self.how)
        return uri

    @functools.cached_property
    def large(self):
        return self.fill("large", self.rows)

    @functools.cached_property
    def small(self):
        return self.fill("small", self.rows // 100)


class Run:
    """What the parts are given."""

    def __init__(self, cluster, rows):
        self.cluster, self.rows = cluster, rows
        self.engines = Filled(cluster, rows)
        self.reports = Filled(cluster, rows, agents=reports.AGENTS)

    def of_engines(self, part):
        part.figures(self.engines)

    def of_reports(self, part):
        part.figures(self.reports.large, self.reports.small)

    def of_pages(self, part):
        subprocess.run([ROOT / "web" / "run.sh", "prepare"], check=True)
        part.figures(self.cluster, self.reports.large, self.reports.small)

    def of_daemon(self, part):
        part.figures(self.cluster, BUILD, self.rows)


# In this order: what measures, what it is given, the lines that it prints.
PARTS = {
    "engines": (
        Run.of_engines,
        [
            "weekly_native_over_scan",
            "weekly_parallel_over_scan",
            "weekly_sql_over_scan",
            "agent_week_growth",
            "stop_over_run",
            "weekly_native_over_scan_dirty",
        ],
    ),
    "reports": (Run.of_reports, ["refresh_growth", "report_growth"]),
    "pages": (Run.of_pages, ["page_over_floor", "page_growth"]),
    "stale": (Run.of_pages, ["report_all_stale", "report_all_stale_growth"]),
    "ingest": (Run.of_daemon, ["ingest_over_copy", "daemon_peak_rss"]),
    "replay": (Run.of_daemon, ["replay_over_copy", "replay_wait"]),
    "poll": (Run.of_daemon, ["poll_over_read"]),
}


def names_in(text):
    """Those of "a,b"; all if there are none."""
    names = set(filter(None, re.split(r"[,\s]+", text)))
    unknown = sorted(names - measure.TARGETS.keys())
    if unknown:
        print(
            f"make bench: no line is named {', '.join(unknown)}; there are:\n  " + "\n  ".join(measure.TARGETS),
            file=sys.stderr,
        )
        sys.exit(2)
    return names or set(measure.TARGETS)


def arguments():
    parser = argparse.ArgumentParser(description="The figures of docs/performance.md.")
    parser.add_argument("rows", type=int, help="time entries")
    parser.add_argument("--only", default="", metavar="NAME,NAME", help="these lines and no others")
    parser.add_argument("--peers", action="store_true", help="compare with what people would use instead")
    parser.add_argument("--check", action="store_true", help="do no more than to look at the names")
    return parser.parse_args()


def main():
    asked = arguments()
    measure.only = names_in(asked.only)
    if asked.check:
        return
    cluster = Cluster()
    try:
        print(f"# {asked.rows} entries", flush=True)
        run = Run(cluster, asked.rows)
        for name, (give, lines) in PARTS.items():
            if measure.wanted(*lines) and importlib.util.find_spec(name):
                give(run, importlib.import_module(name))
            if name == "engines" and asked.peers:  # of the same entries
                peers.figures(cluster, run.engines.large)
    finally:
        cluster.stop()
    measure.missed.extend(f"{name} was not measured" for name in sorted(measure.only - measure.reported))
    for line in measure.missed:
        print("missed: " + line, file=sys.stderr)
    sys.exit(1 if measure.missed else 0)


if __name__ == "__main__":
    main()
