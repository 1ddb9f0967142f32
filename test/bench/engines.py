"""The engines' own figures: each against a bare ordered scan of what it reads."""

import threading
import time

import psycopg

from measure import RUNS, connect, figure, made_of, ratio, report, seconds, seconds_at_once, side_by_side, wanted

AGENTS = 400
EVENTS_A_DAY = 5

ENTRIES = """
    INSERT INTO timesheet.client_groups (client_group_id, jibble_id, name) SELECT n, gen_random_uuid(), 'Group ' || n
    FROM generate_series(1, 26) AS n;
    INSERT INTO timesheet.activities (activity_id, jibble_id, name) SELECT n, gen_random_uuid(), 'Activity ' || n
    FROM generate_series(1, 139) AS n;
    INSERT INTO timesheet.agents (agent_id, jibble_id, full_name) SELECT n, gen_random_uuid(), 'Agent ' || n
    FROM generate_series(1, {agents}) AS n;
    INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc,
      time_zone, raw_type, client_type, belongs_to_date, workday, workday_end)
    SELECT gen_random_uuid(), a, 1 + a % 26, CASE WHEN e.type = 'In' THEN 1 + (a * 4 + (day + e.n) % 4) % 139 END,
      (workday::timestamp AT TIME ZONE 'UTC') + e.at + a % 60 * interval '1 second', 'Asia/Manila', e.type, 'Web',
      workday, workday, (workday + 1)::timestamp AT TIME ZONE 'Asia/Manila'
    FROM generate_series(0, {days} - 1) AS day
    CROSS JOIN generate_series(1, {agents}) AS a
    CROSS JOIN LATERAL (SELECT date '2025-12-31' - day) AS d (workday)
    CROSS JOIN (VALUES (1, 'In', interval '1 hour'), (2, 'In', '3 hours 11 minutes'), (3, 'StartBreak', '5 hours'),
      (4, 'In', '6 hours'),
                       (5, 'Out', '10 hours')) AS e (n, type, at);
"""
# What the engine reads, in its order.
SCAN = """
    SELECT count(*) FROM (
      SELECT e.agent_id, e.start_time_utc, e.kind, e.jibble_activity_id, e.workday, e.workday_end, e.client_group_id,
        e.activity_id, e.is_auto_out
      FROM timesheet.time_entries AS e WHERE e.deleted_at IS NULL
      ORDER BY e.agent_id, e.start_time_utc, e.kind, e.jibble_activity_id) AS ordered"""
WEEKLY = "SELECT count(*) FROM timesheet.weekly_hours(NULL, NULL, NULL, '2026-06-01')"
# The engine's unit of work is one agent, so agents are spread over processes: over two sessions, or by
# the planner over a worker that it starts for each query.
OF_AGENTS = """
    SELECT count(*) FROM timesheet.agents AS a
    CROSS JOIN LATERAL timesheet.native_weekly_hours(NULL, NULL, a.agent_id, '2026-06-01') AS h"""
OF_EVERY_OTHER_AGENT = OF_AGENTS + " WHERE a.agent_id % 2 = {n}"
AGENT_WEEK = "SELECT count(*) FROM timesheet.weekly_hours('2025-12-22', '2025-12-29', {agent}, '2026-06-01')"


def stopped(uri, engine, query):
    """(seconds from a cancel, and from the end of a statement_timeout, half way through the query, to the error;
    seconds of the whole query)."""
    with connect(uri) as db, connect(uri) as other:
        db.execute("SELECT timesheet.use_engine(%s)", (engine,))
        seconds(db, query)
        whole = seconds(db, query)
        failed_at = []

        def run():
            try:
                db.execute(query)
            except psycopg.errors.QueryCanceled:
                failed_at.append(time.perf_counter())

        running = threading.Thread(target=run)
        running.start()
        time.sleep(whole / 2)
        cancelled_at = time.perf_counter()
        other.execute("SELECT pg_cancel_backend(%s)", (db.info.backend_pid,))
        running.join()
        db.execute(f"SET statement_timeout = {round(whole / 2 * 1000)}")
        begun_at = time.perf_counter()
        run()
        db.execute("SET statement_timeout = 0")
        assert len(failed_at) == 2, "was not stopped"
        return failed_at[0] - cancelled_at, failed_at[1] - begun_at - round(whole / 2, 3), whole


def fill(db, rows, agents=AGENTS):
    """That many time entries, five a day of each agent, back from the end of 2025."""
    db.execute(ENTRIES.format(agents=agents, days=max(1, rows // (agents * EVENTS_A_DAY))))
    db.execute("VACUUM (ANALYZE)")


def serial(uri):
    db = connect(uri)
    db.execute("SET max_parallel_workers_per_gather = 0")
    return db


def use(db, engine):
    assert db.execute("SELECT timesheet.use_engine(%s)", (engine,)).fetchone() == (engine,)


def in_two_processes(large, scan):
    with serial(large) as first, serial(large) as second:
        halves = [(half, OF_EVERY_OTHER_AGENT.format(n=n)) for n, half in enumerate((first, second))]
        figure("weekly_parallel_over_scan", side_by_side(lambda: seconds_at_once(halves), scan))
    with connect(large) as parallel_db:
        parallel_db.execute("SET max_parallel_workers_per_gather = 1")  # with the leader, two processes
        parallel_db.execute(
            "SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0"
        )
        plan = "\n".join(line for line, in parallel_db.execute("EXPLAIN " + OF_AGENTS))
        assert "Workers Planned: 1" in plan, plan
        pairs = side_by_side(lambda: seconds(parallel_db, OF_AGENTS), scan)
        print(
            f"# the same by a parallel plan, its worker started again each time: {ratio(pairs):.3f}, {made_of(pairs)}",
            flush=True,
        )


def growth(large, small):
    """Each run another agent, the same in both; short, so more of them."""
    with serial(large) as db, serial(small) as small_db:
        runs = []
        for connection in (db, small_db):
            use(connection, "sql")
            weeks = [AGENT_WEEK.format(agent=n) for n in range(1, 41)]
            runs.append(lambda of=connection, weeks=weeks: sum(seconds(of, week) for week in weeks))
        figure("agent_week_growth", side_by_side(*runs))


def stops(large):
    runs = [stopped(large, engine, WEEKLY) for engine in ("native", "sql") for _ in range(RUNS)]
    report(
        "stop_over_run",
        max(max(cancel, timeout) / whole for cancel, timeout, whole in runs),
        "ratio",
        f"the slowest of {2 * len(runs)} stops by pg_cancel_backend or statement_timeout took "
        f"{max(max(cancel, timeout) for cancel, timeout, _ in runs):.4f} s, runs take {runs[0][2]:.2f} s "
        f"(native) and {runs[-1][2]:.2f} s (sql)",
    )


def figures(filled):
    """`filled`: with the URIs `large` and `small`, of databases with ROWS entries and a hundredth of them."""
    large = filled.large
    with serial(large) as db:
        scan = lambda: seconds(db, SCAN)
        native = lambda: seconds(db, WEEKLY)
        if wanted("weekly_native_over_scan"):
            use(db, "native")
            figure("weekly_native_over_scan", side_by_side(native, scan))
        if wanted("weekly_parallel_over_scan"):
            in_two_processes(large, scan)
        if wanted("weekly_sql_over_scan"):
            use(db, "sql")
            figure("weekly_sql_over_scan", side_by_side(lambda: seconds(db, WEEKLY), scan))
        if wanted("agent_week_growth"):
            growth(large, filled.small)
        if wanted("stop_over_run"):
            stops(large)
        if wanted("weekly_native_over_scan_dirty"):
            use(db, "native")
            db.execute(
                "UPDATE timesheet.time_entries SET jibble_updated_at = now() "
                "WHERE hashtext(jibble_activity_id::text) % 50 = 0"
            )
            wait_for_autovacuum(db)
            figure("weekly_native_over_scan_dirty", side_by_side(native, scan))


def wait_for_autovacuum(db):
    """Autovacuum as shipped: it is given two of its minutes to come by, and nothing else is done."""
    vacuumed = "SELECT autovacuum_count FROM pg_stat_user_tables WHERE relid = 'timesheet.time_entries'::regclass"
    before = db.execute(vacuumed).fetchone()
    for _ in range(150):
        time.sleep(1)
        if db.execute(vacuumed).fetchone() != before:
            return
    print("# autovacuum did not come by within 150 s", flush=True)
