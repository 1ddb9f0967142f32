"""pg_cron jobs: installed, repeated, removed, really run by the owner of the database,
and clear where pg_cron is missing or another role scheduled them."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from conftest import SUPERUSER_URI, URI, Daemon, wait_until
from logins import login  # noqa: F401 (a fixture)

pytestmark = pytest.mark.every_native_server


@pytest.fixture
def db():
    """The database in which pg_cron lives, as its owner."""
    with psycopg.connect(URI, autocommit=True) as connection:
        yield connection
        connection.execute("SELECT timesheet.unschedule_jobs()")


@pytest.fixture
def superuser():
    with psycopg.connect(SUPERUSER_URI, autocommit=True) as connection:
        yield connection
        connection.execute("SELECT timesheet.unschedule_jobs()")


@pytest.fixture
def other(db, login):  # noqa: F811
    """A role that may schedule jobs, and is not the owner."""
    name, uri = login(URI)
    with psycopg.connect(SUPERUSER_URI, autocommit=True) as connection:
        connection.execute(f"GRANT USAGE ON SCHEMA cron, timesheet TO {name}")
        connection.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA timesheet TO {name}")
        try:
            with psycopg.connect(uri, autocommit=True) as it:
                yield it
        finally:
            connection.execute("DELETE FROM cron.job WHERE username = %s", (name,))
            if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (name,)).rowcount:
                connection.execute(f"DROP OWNED BY {name}")


def scheduled(superuser):
    """{role: number of its jobs}"""
    return dict(
        superuser.execute("SELECT username, count(*) FROM cron.job WHERE jobname LIKE 'timesheet-%' GROUP BY 1")
    )


def all_jobs(db):
    return db.execute("SELECT count(*) FROM timesheet.jobs()").fetchone()[0]


def refused(db, role):
    """Scheduling says that this role has scheduled the jobs, and how they can be moved."""
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState) as caught:
        db.execute("SELECT timesheet.schedule_jobs()")
    said = caught.value.diag
    return (
        said.message_primary.startswith(f'the jobs of timesheet are scheduled already, by role "{role}" on ')
        and said.message_primary.endswith("(UTC)")
        and "timesheet.unschedule_jobs() as that role or as a superuser" in said.message_hint
    )


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


@pytest.mark.parametrize(
    "change",
    [
        "active = false",
        "active = false WHERE jobname = 'timesheet-refresh'",
        "active = false, schedule = '0 0 1 1 *', command = 'SELECT 1'",
        "database = 'postgres'",
        "database = 'postgres', active = false WHERE jobname = 'timesheet-update-alerts'",
    ],
)
def test_scheduled_again_every_job_runs_as_it_should(db, superuser, change):
    """Whatever was done to it by hand, also by the owner, who may not alter a job."""
    as_they_should = "SELECT jobname, schedule, command, active, database FROM cron.job ORDER BY jobname"
    db.execute("SELECT timesheet.schedule_jobs()")
    before = db.execute(as_they_should).fetchall()
    assert [active for *_, active, _ in before] == [True] * all_jobs(db)
    superuser.execute(f"UPDATE cron.job SET {change}")
    assert db.execute(as_they_should).fetchall() != before
    assert db.execute("SELECT timesheet.schedule_jobs()").fetchone() == (len(before),)
    assert db.execute(as_they_should).fetchall() == before


@pytest.mark.parametrize(
    "first, second", [("db", "other"), ("other", "db"), ("superuser", "other"), ("db", "superuser")]
)
def test_another_roles_jobs_are_not_scheduled_twice(request, superuser, db, other, first, second):
    """Whoever comes second, and whether or not it may see the jobs of the first."""
    first, second = (request.getfixturevalue(name) for name in (first, second))
    first.execute("SELECT timesheet.schedule_jobs()")
    assert refused(second, first.info.user)
    assert scheduled(superuser) == {first.info.user: all_jobs(db)}
    assert first.execute("SELECT timesheet.schedule_jobs()").fetchone() == (all_jobs(db),)
    first.execute("SELECT timesheet.unschedule_jobs()")
    assert second.execute("SELECT timesheet.schedule_jobs()").fetchone() == (all_jobs(db),)
    assert scheduled(superuser) == {second.info.user: all_jobs(db)}


def test_a_role_that_schedules_at_the_same_time_waits_and_is_refused(db, other, superuser):
    with db.transaction(), ThreadPoolExecutor(1) as pool:
        db.execute("SELECT timesheet.schedule_jobs()")
        asked = pool.submit(refused, other, "timesheet")
        wait_until(lambda: superuser.execute("SELECT FROM pg_locks WHERE NOT granted").rowcount)
        db.execute("COMMIT")
        assert asked.result(timeout=30)
        db.execute("BEGIN")
    assert scheduled(superuser) == {"timesheet": all_jobs(db)}


def test_a_superuser_that_schedules_at_the_same_time_waits_and_is_refused(db, superuser):
    """It sees all jobs, but not those of a transaction that goes on."""
    with db.transaction(), ThreadPoolExecutor(1) as pool:
        db.execute("SELECT timesheet.schedule_jobs()")
        with psycopg.connect(superuser.info.dsn, password=superuser.info.password, autocommit=True) as another:
            asked = pool.submit(refused, another, "timesheet")
            wait_until(lambda: superuser.execute("SELECT FROM pg_locks WHERE NOT granted").rowcount)
            db.execute("COMMIT")
            assert asked.result(timeout=30)
        db.execute("BEGIN")
    assert scheduled(superuser) == {"timesheet": all_jobs(db)}


def test_what_stays_and_whose_it_is_is_said(db, other, superuser):
    db.execute("SELECT timesheet.schedule_jobs()")
    notices = []
    other.add_notice_handler(lambda said: notices.append((said.message_primary, said.message_hint)))
    assert other.execute("SELECT timesheet.unschedule_jobs()").fetchone() == (0,)
    ((text, hint),) = notices
    assert text.startswith(f'not removed: {all_jobs(db)} jobs that role "timesheet" scheduled on ')
    assert hint == "Run SELECT timesheet.unschedule_jobs() as that role or as a superuser."
    assert scheduled(superuser) == {"timesheet": all_jobs(db)}


def test_a_superuser_removes_the_jobs_of_every_role(db, other, superuser):
    other.execute("SELECT timesheet.schedule_jobs()")
    superuser.execute("SELECT cron.schedule('timesheet-of-somebody', '7 3 * * *', 'SELECT 1')")
    superuser.execute("SELECT cron.schedule('timesheet-prune-ledger', '7 3 * * *', 'SELECT 1')")
    assert superuser.execute("SELECT timesheet.unschedule_jobs()").fetchone() == (all_jobs(db) + 1,)
    assert names(superuser) == {"timesheet-of-somebody"}
    superuser.execute("SELECT cron.unschedule('timesheet-of-somebody')")
    assert db.execute("SELECT timesheet.schedule_jobs()").fetchone() == (all_jobs(db),)


@pytest.mark.parametrize(
    "gone",
    [
        "DELETE FROM cron.job WHERE jobname LIKE 'timesheet-%'",
        "SELECT cron.unschedule(jobid) FROM cron.job",
        "UPDATE timesheet.scheduled_jobs SET system_identifier = system_identifier - 1; DELETE FROM cron.job",
        "UPDATE timesheet.scheduled_jobs SET system_identifier = system_identifier - 1, job_id = (SELECT "
        "cron.schedule('not ours', '7 3 * * *', 'SELECT 1'))",
        "UPDATE timesheet.scheduled_jobs SET job_table = 'timesheet.agents'::regclass, job_id = (SELECT "
        "cron.schedule('not ours', '7 3 * * *', 'SELECT 1'))",
    ],
)
def test_a_record_of_jobs_that_are_gone_keeps_nobody_out(db, other, superuser, gone):
    """Deleted by hand; restored on another server, or under another pg_cron, where a job of the same number is not
    ours."""
    superuser.execute("SELECT timesheet.schedule_jobs()")
    assert refused(other, "postgres")
    superuser.execute(gone)
    superuser.execute("DELETE FROM cron.job WHERE jobname LIKE 'timesheet-%'")
    try:
        assert other.execute("SELECT timesheet.schedule_jobs()").fetchone() == (all_jobs(db),)
        assert refused(db, other.info.user)
        assert other.execute("SELECT timesheet.unschedule_jobs()").fetchone() == (all_jobs(db),)
        assert superuser.execute("SELECT count(*) FROM timesheet.scheduled_jobs").fetchone() == (0,)
    finally:
        superuser.execute("DELETE FROM cron.job")
        superuser.execute("DELETE FROM timesheet.scheduled_jobs")


@pytest.mark.parametrize("who", ["db", "superuser"])
def test_the_jobs_of_a_role_that_was_dropped_keep_nobody_out(request, db, other, superuser, who):
    """They cannot run; one who may remove them does."""
    name = other.info.user
    other.execute("SELECT timesheet.schedule_jobs()")
    other.close()
    superuser.execute(f"DROP OWNED BY {name}; ALTER ROLE {name} RENAME TO {name}_was")
    try:
        after = request.getfixturevalue(who)
        assert after.execute("SELECT timesheet.schedule_jobs()").fetchone() == (all_jobs(db),)
        left = {name: all_jobs(db)} if who == "db" else {}
        assert scheduled(superuser) == {after.info.user: all_jobs(db)} | left
    finally:
        superuser.execute("SELECT timesheet.unschedule_jobs()")
        superuser.execute(f"ALTER ROLE {name}_was RENAME TO {name}")
    assert scheduled(superuser) == {}


def test_where_pg_cron_is_missing_the_error_says_what_to_do(new_database):
    uri = new_database()
    name = uri.rsplit("/", 1)[1]
    Daemon(uri).must("migrate")
    with psycopg.connect(uri, autocommit=True) as db:
        for function in ("schedule_jobs", "unschedule_jobs", "prune_job_history"):
            with pytest.raises(psycopg.errors.FeatureNotSupported, match="pg_cron is not installed") as caught:
                db.execute(f"SELECT timesheet.{function}()")
            assert f"set cron.database_name to '{name}'" in caught.value.diag.message_hint
