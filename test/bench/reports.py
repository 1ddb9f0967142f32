"""What keeping reports costs, and reading them: the same work with a long history and with a hundredth of it."""

import time

from measure import connect, figure, made_of, ratio, report, seconds, side_by_side, wanted

AGENTS = 40
# Five days of forty agents, five events a day.
CHANGE = (
    "UPDATE timesheet.time_entries SET start_time_utc = start_time_utc + {seconds} * interval '1 second' "
    "WHERE workday > '2025-12-26'"
)
ONE_STALE_DAY_PER_AGENT = """
    UPDATE timesheet.time_entries SET start_time_utc = start_time_utc + interval '1 second'
    WHERE workday = '2025-12-24' AND raw_type = 'StartBreak'"""
REPORT = "SELECT * FROM timesheet.weekly_report WHERE client_group = 'Group 5' AND week_start = '2025-12-22'"
REPORTS = 20  # in a row: one takes some milliseconds


def stored(uri):
    """A connection to the database, after all of its days were stored, which is told of."""
    db = connect(uri)
    begin = time.perf_counter()
    days = db.execute("SELECT timesheet.refresh()").fetchone()[0]
    print(f"# the first refresh() of {days} agents' days took {time.perf_counter() - begin:.2f} s", flush=True)
    db.execute("VACUUM (ANALYZE)")
    return db


def refresh_after_change(db):
    moved = [1]

    def run():
        moved[0] = -moved[0]
        assert db.execute(CHANGE.format(seconds=moved[0])).rowcount == 1000
        return seconds(db, "SELECT timesheet.refresh()")

    return run


def reports_of(db):
    return lambda: sum(seconds(db, REPORT) for _ in range(REPORTS))


def figures(large, small):
    """`large` and `small`: URIs of databases with ROWS entries of 40 agents and a hundredth of them."""
    with stored(large) as db, stored(small) as small_db:
        if wanted("refresh_growth"):
            figure("refresh_growth", side_by_side(refresh_after_change(db), refresh_after_change(small_db)))
        if wanted("report_growth"):
            of_reports(db, small_db)


def of_reports(db, small_db):
    settled = side_by_side(reports_of(db), reports_of(small_db))
    for connection in (db, small_db):
        assert connection.execute(ONE_STALE_DAY_PER_AGENT).rowcount == AGENTS
    stale = side_by_side(reports_of(db), reports_of(small_db))
    report(
        "report_growth",
        max(ratio(settled), ratio(stale)),
        "ratio",
        f"{REPORTS} reports; no stale day: {made_of(settled)}; one stale day per agent: {made_of(stale)}",
    )
