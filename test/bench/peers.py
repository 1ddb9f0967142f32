"""What people would use instead of an engine in the database: DuckDB with one and two threads, a query with window
functions, a script that reads the entries in their order. All give the weekly hours that the native engine gives, of
entries among which nothing is odd: no clock-out is missing, no session is too long. They know no other rule."""

import contextlib
import csv
import json
import pathlib
import signal
import subprocess
import time

from measure import connect, made_of, ratio, seconds, side_by_side

WEB = pathlib.Path(__file__).parents[2] / "web"
NATIVE = """
    SELECT week_start, agent_id, client_group_id, activity_id, work_seconds
    FROM timesheet.native_weekly_hours(NULL, NULL, NULL, '2026-06-01') WHERE work_seconds > 0"""
WINDOWS = """
    SELECT date_trunc('week', e.workday)::date AS week_start, e.agent_id, e.client_group_id, e.activity_id,
      sum(extract(epoch FROM e.ended_at - e.start_time_utc))::bigint AS work_seconds
    FROM (
      SELECT t.*, lead(t.start_time_utc) OVER (PARTITION BY t.agent_id ORDER BY t.start_time_utc) AS ended_at
      FROM timesheet.time_entries AS t WHERE t.deleted_at IS NULL) AS e
    WHERE e.raw_type = 'In'
    GROUP BY 1, 2, 3, 4"""
ENTRIES = "SELECT {} FROM timesheet.time_entries AS t WHERE t.deleted_at IS NULL"
FOR_DUCKDB = ENTRIES.format("agent_id, client_group_id, activity_id, start_time_utc, raw_type, workday")
FOR_SCRIPT = (
    ENTRIES.format(
        "agent_id, client_group_id, activity_id, extract(epoch FROM start_time_utc)::bigint, raw_type, "
        "date_trunc('week', workday)::date"
    )
    + " ORDER BY agent_id, start_time_utc"
)


class DuckDb:
    """A process of its own, with the entries in its memory."""

    def __init__(self):
        command = ". ./node.sh; install_packages ../test/bench/duckdb; exec node ../test/bench/duckdb/weekly_hours.mjs"
        self.process = subprocess.Popen(
            ["bash", "-c", command], cwd=WEB, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "DuckDB's process ended"
        return json.loads(answer)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def streamed(db):
    """{(week, agent, group, activity): seconds}, by one pass over the entries as they come."""
    hours = {}
    before = None  # (agent, key, since) of a session that has not ended
    with db.cursor().copy(f"COPY ({FOR_SCRIPT}) TO STDOUT (FORMAT csv)") as copy:
        for agent, group, activity, at, kind, week in csv.reader(lines_of(copy)):
            if before is not None and before[0] == agent:
                hours[before[1]] = hours.get(before[1], 0) + int(at) - before[2]
            before = (agent, (week, agent, group, activity), int(at)) if kind == "In" else None
    return hours


def lines_of(copy):
    """Of an answer to COPY, which comes in blocks of whole rows."""
    for block in copy:
        yield from bytes(block).decode().splitlines()


def rows_of_script(db):
    return sorted(
        (week, int(agent), int(group) if group else None, int(activity) if activity else None, worked)
        for (week, agent, group, activity), worked in streamed(db).items()
    )


def rows_of(db, query):
    return sorted((str(week), *others) for week, *others in db.execute(query))


def require_equal(name, rows, right):
    assert rows == right, f"{name} gives other hours: {len(rows)} rows, not {len(right)}; {set(rows) ^ set(right)}"[
        :2000
    ]


def seconds_of_script(db):
    begin = time.perf_counter()
    streamed(db)
    return time.perf_counter() - begin


def export(db, file):
    """Seconds that it takes to write the entries where DuckDB can read them."""
    begin = time.perf_counter()
    with db.cursor().copy(f"COPY ({FOR_DUCKDB}) TO STDOUT (FORMAT csv)") as copy, open(file, "wb") as csv_file:
        for block in copy:
            csv_file.write(block)
    return time.perf_counter() - begin


def figures(cluster, large):
    """`large`: URI of a database with ROWS entries. Prints how many times as long as the native engine each takes."""
    file = cluster.directory / "entries.csv"
    with contextlib.ExitStack() as stack:
        db = stack.enter_context(connect(large))
        db.execute("SET max_parallel_workers_per_gather = 0")
        db.execute("SET timezone = 'UTC'")
        db.execute("VACUUM (ANALYZE) timesheet.time_entries")
        duckdb = DuckDb()
        stack.callback(duckdb.stop)
        duckdb.ask("threads 2")
        exported, loaded = export(db, file), duckdb.ask(f"load {file}")
        right = rows_of(db, NATIVE)
        require_equal("plain SQL", rows_of(db, WINDOWS), right)
        require_equal("the script", rows_of_script(db), right)
        require_equal("DuckDB", sorted(map(tuple, duckdb.ask("rows"))), right)

        def with_threads(count):
            duckdb.ask(f"threads {count}")
            return lambda: duckdb.ask("run")

        def counted(query):
            return lambda: seconds(db, f"SELECT count(*), sum(work_seconds) FROM ({query}) AS w")

        native = counted(NATIVE)
        print(f"# {len(right)} rows of weekly hours, the same by each; over the native engine:", flush=True)
        for name, peer in (
            ("duckdb_1_thread", lambda: with_threads(1)),
            ("duckdb_2_threads", lambda: with_threads(2)),
            ("plain_sql", lambda: counted(WINDOWS)),
            ("streaming_script", lambda: lambda: seconds_of_script(db)),
        ):
            pairs = side_by_side(peer(), native)
            print(f"peer: {name} {ratio(pairs):.2f} ratio", flush=True)
            print(f"#   {made_of(pairs)}", flush=True)
        print(f"#   DuckDB's table was made before: {exported:.2f} s to export, {loaded:.2f} s to load", flush=True)
