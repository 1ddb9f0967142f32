"""What reading costs right after a change of the settings, when every day of every agent has to be computed again: the
same work beside a copy of the database in which nothing is stale."""

import contextlib

import psycopg

import pages
import reports
from measure import connect, made_of, ratio, report, side_by_side, wanted


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
    """As pages.figures() leaves it, whether or not it was there before."""
    with psycopg.connect(uri, autocommit=True) as db:
        if db.execute("SELECT NOT EXISTS (SELECT FROM timesheet.contacts)").fetchone()[0]:
            pages.history(uri)
        db.execute("SELECT timesheet.refresh()")
        db.execute("VACUUM (ANALYZE) timesheet.stale_days")


def figures(cluster, large, small):
    """`large` and `small`: URIs of databases with ROWS entries of 40 agents and a hundredth of them."""
    for uri in (large, small):
        settled(uri)
    uris = [large, with_everything_stale(cluster, large), with_everything_stale(cluster, small)]
    readers = pages.logins(cluster, "dashboard", *uris)
    (overview,) = pages.recorded(cluster, "dashboard", {"/": "/"}, readers[0]).values()
    over_settled, growth = {}, {}
    with contextlib.ExitStack() as stack:
        of_report = [reports.reports_of(stack.enter_context(connect(uri))) for uri in uris]
        of_overview = []
        for reader in readers:
            db = stack.enter_context(psycopg.connect(reader, autocommit=True))
            of_overview.append(lambda db=db: pages.seconds_of(db, overview))
        for name, (fresh, stale, stale_small) in (("weekly_report", of_report), ("the overview", of_overview)):
            if wanted("report_all_stale"):
                over_settled[name] = side_by_side(stale, fresh)
            if wanted("report_all_stale_growth"):
                growth[name] = side_by_side(stale, stale_small)
    for figure, of in (("report_all_stale", over_settled), ("report_all_stale_growth", growth)):
        if not of:
            continue
        worst = max(of, key=lambda name: ratio(of[name]))
        report(figure, ratio(of[worst]), "ratio", "; ".join(f"{name}: {made_of(of[name])}" for name in of))
