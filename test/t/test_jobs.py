"""pg_cron jobs: installed, repeated, removed, really run by the owner of the database, and clear where pg_cron is missing."""

import psycopg
import pytest

from conftest import SUPERUSER_URI, URI, Daemon


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


def test_pruning_deletes_our_old_history_and_no_other(db):
    db.execute("SELECT timesheet.schedule_jobs()")
    job, = db.execute("SELECT jobid FROM cron.job WHERE jobname = 'timesheet-prune-job-history'").fetchone()
    with psycopg.connect(SUPERUSER_URI, autocommit=True) as superuser:
        superuser.execute("DELETE FROM cron.job_run_details")
        superuser.execute("""
            INSERT INTO cron.job_run_details (jobid, runid, username, status, end_time)
            SELECT j, 1000000 + 10 * j + n, 'timesheet', 'succeeded', now() - a FROM
            unnest(%s::bigint[]) AS j, unnest(ARRAY['15 days', '13 days']::interval[]) WITH ORDINALITY AS u (a, n)""", ([job, job + 1000],))
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
