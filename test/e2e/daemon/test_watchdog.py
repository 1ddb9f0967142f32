"""The alert of a stale feed, and the pruning of the run log, by the clock of the rows."""

import psycopg
import pytest


@pytest.fixture
def db(migrated_database):
    uri = migrated_database()
    with psycopg.connect(uri, autocommit=True) as connection:
        yield connection


def run(db, ago, status="succeeded", command="sync", error=None):
    db.execute(
        "INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at, error)"
        " SELECT %s, at::date - 3, at::date + 1, %s, at, at, %s FROM (SELECT now() - %s::interval AS at) AS t",
        (command, status, error, ago),
    )


def watch(db):
    """Whether the feed is stale, and every alert: (detail, is open)."""
    (stale,) = db.execute("SELECT timesheet.watch_feed()").fetchone()
    return stale, db.execute("SELECT detail, resolved_at IS NULL FROM timesheet.alerts ORDER BY alert_id").fetchall()


def test_a_stale_feed_is_one_alert_until_it_is_fresh_again(db):
    assert watch(db) == (False, [])  # nothing was ever read
    run(db, "59 minutes")
    assert watch(db) == (False, [])
    db.execute("UPDATE timesheet.ingest_runs SET started_at = started_at - interval '2 minutes'")
    for _ in range(2):
        stale, alerts = watch(db)
        assert stale and len(alerts) == 1 and alerts[0][1] and alerts[0][0].endswith("nothing was tried since then")
    run(db, "1 minute")
    assert watch(db) == (False, [(alerts[0][0], False)])
    db.execute("UPDATE timesheet.ingest_runs SET started_at = started_at - interval '2 days'")
    run(db, "1 minute", "failed", error="Jibble answered 403")
    stale, alerts = watch(db)
    assert (
        stale
        and [is_open for _, is_open in alerts] == [False, True]
        and alerts[1][0].endswith("since then: Jibble answered 403")
    )


def test_the_run_log_keeps_what_explains_something_and_the_last_of_each_kind(db):
    for n, (ago, status, command) in enumerate(
        [
            ("100 days", "succeeded", "sync"),
            ("99 days", "succeeded", "sync"),
            ("98 days", "failed", "sync"),
            ("97 days", "succeeded", "nightly"),
            ("96 days", "succeeded", "sync"),
            ("89 days", "succeeded", "sync"),
        ]
    ):
        run(db, ago, status, command)
        if n == 1:
            db.execute(
                "INSERT INTO timesheet.raw_events (resource, jibble_id, payload, ingest_run_id)"
                " SELECT 'TimeEntries', gen_random_uuid(), '{}', max(ingest_run_id) FROM timesheet.ingest_runs"
            )
    assert db.execute("SELECT timesheet.prune_ingest_runs()").fetchone() == (2,)
    assert db.execute(
        "SELECT (now()::date - started_at::date) FROM timesheet.ingest_runs ORDER BY 1 DESC"
    ).fetchall() == [(99,), (98,), (97,), (89,)]
    assert db.execute("SELECT timesheet.prune_ingest_runs('1 day')").fetchone() == (0,)


def test_an_alert_stays_open_though_history_was_read_and_the_run_log_pruned(db):
    run(db, "91 days")
    assert watch(db)[0]
    db.execute(
        "INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at) "
        "VALUES ('sync', '2019-01-01', '2019-01-02', 'succeeded', now(), now())"
    )
    assert db.execute("SELECT timesheet.prune_ingest_runs()").fetchone() == (0,)
    stale, alerts = watch(db)
    assert stale and [is_open for _, is_open in alerts] == [True]
