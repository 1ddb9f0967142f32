"""pg_cron jobs: installed, repeated, removed, really run by the owner of the database,
and clear where pg_cron is missing."""

import psycopg
import pytest

from conftest import SUPERUSER_URI, URI, Daemon, wait_until

pytestmark = pytest.mark.every_native_server


@pytest.fixture
def db():
    """The database in which pg_cron lives, as its owner."""
    with psycopg.connect(URI, autocommit=True) as connection:
        yield connection
        connection.execute("SELECT timesheet.unschedule_jobs()")


def names(db):
    return {name for name, in db.execute("SELECT jobname FROM cron.job")}


def test_scheduling_and_unscheduling_can_be_repeated(db):
    wanted = {name for name, in db.execute("SELECT name FROM timesheet.jobs()")}
    for _ in range(2):
        assert db.execute("SELECT timesheet.schedule_jobs()").fetchone() == (len(wanted),)
        assert names(db) == wanted
    assert db.execute("SELECT timesheet.unschedule_jobs()").fetchone() == (len(wanted),)
    assert db.execute("SELECT timesheet.unschedule_jobs()").fetchone() == (0,)
    assert names(db) == set()


def test_a_job_under_a_former_name_goes_and_other_peoples_stay(db):
    """Both when jobs are scheduled and when they are not to run any more."""
    for call in ("schedule_jobs", "unschedule_jobs"):
        for name in ("timesheet-prune-ledger", "timesheet-of-somebody"):
            db.execute("SELECT cron.schedule(%s, '7 3 * * *', 'SELECT 1')", (name,))
        db.execute(f"SELECT timesheet.{call}()")
        assert names(db) & {"timesheet-prune-ledger", "timesheet-of-somebody"} == {"timesheet-of-somebody"}
        db.execute("SELECT cron.unschedule('timesheet-of-somebody')")


def test_every_job_runs_and_does_its_work(db):
    """pg_cron itself runs them, as the database's owner;
    those that are due more seldom are asked for every minute here."""
    db.execute("SELECT timesheet.schedule_jobs()")
    for name, command in db.execute("SELECT name, command FROM timesheet.jobs()").fetchall():
        db.execute("SELECT cron.schedule(%s, '* * * * *', %s)", (name, command))
    agent = "12345678-0000-4000-8000-000000000000"
    db.execute("INSERT INTO timesheet.agents (jibble_id) VALUES (%s) ON CONFLICT DO NOTHING", (agent,))
    db.execute(
        "INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, raw_type, workday, "
        "workday_end)"
        " SELECT gen_random_uuid(), agent_id, at, t, '2020-03-02', '2020-03-03 00:00Z' FROM timesheet.agents,"
        " (VALUES ('2020-03-02 09:00Z'::timestamptz, 'In'), ('2020-03-02 10:00Z', 'Out')) AS v (at, "
        "t) WHERE jibble_id = %s",
        (agent,),
    )
    db.execute(
        "INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at) "
        "SELECT 'sync', '2019-01-01', '2021-01-01', 'succeeded', at, at"
        " FROM unnest(ARRAY['2020-01-01', '2020-01-02']::timestamptz[]) AS at"
    )
    try:
        wanted = {name for name, in db.execute("SELECT name FROM timesheet.jobs()")}
        wait_until(
            lambda: wanted
            <= {
                name
                for name, in db.execute(
                    "SELECT j.jobname FROM cron.job_run_details AS d JOIN cron.job AS j USING (jobid) "
                    "WHERE d.status = 'succeeded'"
                )
            },
            seconds=150,
        )
        assert db.execute(
            "SELECT count(*) FROM cron.job_run_details AS d JOIN cron.job AS j USING (jobid) WHERE d.status = 'failed'"
        ).fetchone() == (0,)
        assert db.execute(
            "SELECT r.work_seconds FROM timesheet.daily_rollup AS r JOIN timesheet.agents AS a USING (agent_id) "
            "WHERE a.jibble_id = %s",
            (agent,),
        ).fetchall() == [(3600,)]
        assert db.execute(
            "SELECT count(*) FROM timesheet.alerts WHERE kind = 'stale_feed' AND resolved_at IS NULL"
        ).fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM timesheet.ingest_runs WHERE started_at < '2021-01-01'").fetchone() == (
            1,
        )  # the last one says how fresh the feed is
    finally:
        db.execute("DELETE FROM timesheet.time_entries WHERE workday = '2020-03-02'")
        db.execute("DELETE FROM timesheet.ingest_runs WHERE started_at < '2021-01-01'")
        db.execute("DELETE FROM timesheet.alerts")


def test_pruning_deletes_our_old_history_and_no_other(db):
    db.execute("SELECT timesheet.schedule_jobs()")
    (job,) = db.execute("SELECT jobid FROM cron.job WHERE jobname = 'timesheet-prune-job-history'").fetchone()
    with psycopg.connect(SUPERUSER_URI, autocommit=True) as superuser:
        superuser.execute("DELETE FROM cron.job_run_details")
        superuser.execute(
            """
            INSERT INTO cron.job_run_details (jobid, runid, username, status, end_time)
            SELECT j, 1000000 + 10 * j + n, 'timesheet', 'succeeded', now() - a FROM
            unnest(%s::bigint[]) AS j, unnest(ARRAY['15 days', '13 days']::interval[]) WITH ORDINALITY AS u (a, n)""",
            ([job, job + 1000],),
        )
    assert db.execute("SELECT timesheet.prune_job_history()").fetchone() == (1,)
    assert db.execute("SELECT count(*) FROM cron.job_run_details").fetchone() == (3,)


def test_where_pg_cron_is_missing_the_error_says_what_to_do(new_database):
    uri = new_database()
    name = uri.rsplit("/", 1)[1]
    Daemon(uri).must("migrate")
    with psycopg.connect(uri, autocommit=True) as db:
        for function in ("schedule_jobs", "unschedule_jobs", "prune_job_history"):
            with pytest.raises(psycopg.errors.FeatureNotSupported, match="pg_cron is not installed") as caught:
                db.execute(f"SELECT timesheet.{function}()")
            assert f"set cron.database_name to '{name}'" in caught.value.diag.message_hint
