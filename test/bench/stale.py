"""What reading costs right after a change of the settings, when every day of every agent has to be computed again: the
same work beside a copy of the database in which nothing is stale."""

import contextlib

import psycopg

import pages
import reports
from measure import connect, made_of, ratio, report, side_by_side


def with_everything_stale(cluster, uri):
    """A copy of the database, whose planner believes that nothing is stale, as it does right after such a change."""
    name = uri.rsplit("/", 1)[1]
    with psycopg.connect(cluster.superuser_uri, autocommit=True) as db:
        db.execute(f"DROP DATABASE IF EXISTS {name}_stale WITH (FORCE)")
        db.execute(f"CREATE DATABASE {name}_stale OWNER timesheet TEMPLATE {name}")
    stale = f"{uri}_stale"
    with psycopg.connect(stale, autocommit=True) as db:
        db.execute("ALTER TABLE timesheet.stale_days SET (autovacuum_enabled = false)")
        db.execute("SELECT timesheet.mark_all_days()")
    return stale


def settled(uri):
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute("SELECT timesheet.refresh()")
        db.execute("VACUUM (ANALYZE) timesheet.stale_days")


def figures(cluster, large, small):
    """`large` and `small`: URIs of databases with ROWS entries of 40 agents and a hundredth of them."""
    for uri in (large, small):
        settled(uri)
    large_stale, small_stale = (with_everything_stale(cluster, uri) for uri in (large, small))
    readers = pages.readers(cluster, large, large_stale, small_stale)
    (overview,) = pages.recorded(cluster, readers[0], {"/": "/"}).values()
    with contextlib.ExitStack() as stack:
        db, stale, stale_small = (stack.enter_context(connect(uri)) for uri in (large, large_stale, small_stale))
        page, page_stale, page_stale_small = (
            stack.enter_context(psycopg.connect(reader, autocommit=True)) for reader in readers
        )
        over_settled = {
            "weekly_report": side_by_side(reports.reports_of(stale), reports.reports_of(db)),
            "the overview": side_by_side(
                lambda: pages.seconds_of(page_stale, overview), lambda: pages.seconds_of(page, overview)
            ),
        }
        growth = {
            "weekly_report": side_by_side(reports.reports_of(stale), reports.reports_of(stale_small)),
            "the overview": side_by_side(
                lambda: pages.seconds_of(page_stale, overview), lambda: pages.seconds_of(page_stale_small, overview)
            ),
        }
    for figure, of in (("report_all_stale", over_settled), ("report_all_stale_growth", growth)):
        worst = max(of, key=lambda name: ratio(of[name]))
        report(figure, ratio(of[worst]), "ratio", "; ".join(f"{name}: {made_of(of[name])}" for name in of))
