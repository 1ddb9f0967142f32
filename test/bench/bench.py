"""make bench: the figures of docs/performance.md, each a ratio of things measured side by side in one run.

Prints one line per figure, "bench: NAME VALUE UNIT", the median of interleaved pairs of runs, and the seconds
it was made of. Exit status 1 if a target is missed. ROWS (time entries) is the first argument.
"""

import os
import pathlib
import subprocess
import sys

import psycopg

import engines
import ingest
import pages
import reports
import stale
from measure import missed

ROOT = pathlib.Path(__file__).parents[2]
BUILD = ROOT / "build"
ROWS = int(sys.argv[1])


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


def filled(cluster, name, rows, **how):
    uri = cluster.new_database(name)
    with psycopg.connect(uri, autocommit=True) as db:
        engines.fill(db, rows, **how)
    return uri


def main():
    cluster = Cluster()
    try:
        print(f"# {ROWS} entries of {engines.AGENTS} agents", flush=True)
        engines.figures(filled(cluster, "large", ROWS), filled(cluster, "small", ROWS // 100))
        large, small = (
            filled(cluster, name, rows, agents=reports.AGENTS)
            for name, rows in (("large", ROWS), ("small", ROWS // 100))
        )
        reports.figures(large, small)
        pages.figures(cluster, large, small)
        stale.figures(cluster, large, small)
        ingest.figures(cluster, BUILD, ROWS)
    finally:
        cluster.stop()
    for line in missed:
        print("missed: " + line, file=sys.stderr)
    sys.exit(1 if missed else 0)


main()
