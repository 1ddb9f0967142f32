"""The poller's jobs in pg_cron: installed, repeated, moved to another address, removed, and refused with the remedy
where something is missing or another role scheduled them. pg_net and the Vault are stand-ins."""

import re
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from conftest import Daemon, wait_until
from logins import login  # noqa: F401 (a fixture)
from other_server import other_server  # noqa: F401 (a fixture)
from poller_server import JOBS, SECRET, STAND_INS, poller, poller_server  # noqa: F401 (fixtures)
from sql_files import ROOT

pytestmark = pytest.mark.every_native_server
URL = "https://jobs.example.com"
WITHOUT_BACKFILL = dict.fromkeys([job for job in JOBS if job != "backfill"], "timesheet")


def refused(error, call, *said):
    with pytest.raises(error) as caught:
        call()
    text = f"{caught.value.diag.message_primary} / {caught.value.diag.message_hint}"
    assert all(part in text for part in said), text
    return text


def all_jobs(db):
    return db.execute(
        "SELECT jobname, schedule, command, active, database, username FROM cron.job WHERE jobname ~ '^timesheet-' "
        "ORDER BY 1"
    ).fetchall()


@pytest.fixture
def other(poller):
    """A role that may schedule jobs and call our functions, and is not the owner."""
    poller.superuser.execute("CREATE ROLE other LOGIN PASSWORD 'other'")
    poller.superuser.execute(
        "GRANT USAGE ON SCHEMA cron, timesheet, vault TO other; GRANT SELECT ON vault.decrypted_secrets TO other;"
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA timesheet TO other"
    )
    try:
        with psycopg.connect(re.sub("//.*@", "//other:other@", poller.server.uri), autocommit=True) as it:
            yield it
    finally:
        poller.superuser.execute("DELETE FROM cron.job WHERE username = 'other'")
        poller.superuser.execute("DROP OWNED BY other; DROP ROLE other")


def test_scheduling_and_unscheduling_can_be_repeated(poller):
    for _ in range(2):
        assert poller.schedule(URL + "/") == 4
        assert poller.scheduled() == WITHOUT_BACKFILL
    assert poller.db.execute("SELECT base_url, backfill_since FROM timesheet.poller").fetchall() == [(URL, None)]
    assert poller.db.execute("SELECT timesheet.unschedule_poller()").fetchone() == (4,)
    assert poller.db.execute("SELECT timesheet.unschedule_poller()").fetchone() == (0,)
    assert poller.scheduled() == {} and poller.db.execute("SELECT FROM timesheet.poller").rowcount == 0
    assert poller.db.execute("SELECT FROM timesheet.scheduled_jobs").rowcount == 0


def test_a_job_holds_neither_the_address_nor_the_secret(poller):
    poller.schedule(URL, "2026-01-01")
    assert [(name, schedule, command) for name, schedule, command, *_ in all_jobs(poller.db)] == [
        ("timesheet-poller-backfill", "6-59/10 * * * *", "SELECT timesheet.call_job('backfill')"),
        ("timesheet-poller-contacts", "8 * * * *", "SELECT timesheet.call_job('contacts')"),
        ("timesheet-poller-digests", "3-59/10 * * * *", "SELECT timesheet.call_job('digests')"),
        ("timesheet-poller-nightly", "1-59/10 * * * *", "SELECT timesheet.call_job('nightly')"),
        ("timesheet-poller-sync", "*/5 * * * *", "SELECT timesheet.call_job('sync')"),
    ]


def test_another_address_is_called_from_then_on(poller):
    poller.schedule("http://127.0.0.1:1", "2026-01-01")
    poller.db.execute("SELECT timesheet.call_job('sync')")
    before = all_jobs(poller.db)
    assert poller.schedule(poller.jobs.url + "/web") == 5  # the backfill goes on
    assert all_jobs(poller.db) == before
    poller.schedule_by_hand("http://127.0.0.1:1")
    poller.db.execute("SELECT timesheet.call_job('sync')")
    poller.schedule_by_hand(poller.jobs.url + "/web")
    poller.jobs.requests.clear()
    assert poller.call("sync") == "worked" and "sync" not in poller.alerts()
    assert poller.jobs.requests == [("/web/jobs/sync", f"Bearer {SECRET}", b"{}")]


def test_a_backfill_is_asked_for_changed_and_ended_by_the_opposite(poller):
    since = "SELECT backfill_since::text FROM timesheet.poller"
    assert poller.schedule(URL, "2026-01-01") == 5
    assert poller.schedule(URL) == 5
    assert poller.db.execute(since).fetchone() == ("2026-01-01",)
    assert poller.schedule(URL, "2025-01-01") == 5
    assert poller.db.execute(since).fetchone() == ("2025-01-01",)
    assert poller.db.execute("SELECT timesheet.unschedule_poller()").fetchone() == (5,)
    assert poller.schedule(URL) == 4 and poller.scheduled() == WITHOUT_BACKFILL


@pytest.mark.parametrize("day", ["infinity", "-infinity", "1999-12-31", "0044-03-15 BC", "tomorrow", "9999-12-31"])
def test_a_first_day_that_is_none_is_refused(poller, day):
    day = poller.db.execute("SELECT (now() AT TIME ZONE 'UTC')::date + 1").fetchone()[0] if day == "tomorrow" else day
    refused(
        psycopg.errors.InvalidParameterValue,
        lambda: poller.schedule(URL, day),
        "is no day from 2000-01-01 to today / Give the first day",
    )
    assert poller.scheduled() == {}


def test_neither_pair_of_calls_removes_the_jobs_of_the_other(poller):
    (ours,) = poller.db.execute("SELECT timesheet.schedule_jobs()").fetchone()
    assert poller.schedule(URL) == 4
    assert len(all_jobs(poller.db)) == ours + 4
    poller.db.execute("SELECT timesheet.schedule_jobs()")
    assert len(all_jobs(poller.db)) == ours + 4
    assert poller.db.execute("SELECT count(*) FROM timesheet.scheduled_jobs").fetchone() == (ours + 4,)
    assert poller.db.execute("SELECT timesheet.unschedule_jobs()").fetchone() == (ours,)
    assert poller.scheduled() == WITHOUT_BACKFILL and len(all_jobs(poller.db)) == 4
    assert poller.db.execute("SELECT count(*) FROM timesheet.scheduled_jobs").fetchone() == (4,)
    poller.db.execute("SELECT timesheet.schedule_jobs()")
    assert poller.db.execute("SELECT timesheet.unschedule_poller()").fetchone() == (4,)
    assert len(all_jobs(poller.db)) == ours
    assert poller.db.execute("SELECT count(*) FROM timesheet.scheduled_jobs").fetchone() == (ours,)


@pytest.mark.parametrize(
    "change",
    [
        "active = false",
        "active = false WHERE jobname = 'timesheet-poller-sync'",
        "active = false, schedule = '0 0 1 1 *', command = 'SELECT 1'",
        "database = 'postgres'",
    ],
)
def test_scheduled_again_every_job_runs_as_it_should(poller, change):
    poller.schedule(URL)
    before = all_jobs(poller.db)
    poller.superuser.execute(
        f"UPDATE cron.job SET {change if 'WHERE' in change else change + ' WHERE jobname ~ $$^timesheet-poller$$'}"
    )
    assert all_jobs(poller.db) != before
    assert poller.schedule(URL) == 4
    assert all_jobs(poller.db) == before


@pytest.mark.parametrize("second", ["other", "superuser"])
def test_another_roles_poller_is_not_scheduled_twice(poller, other, second):
    poller.schedule(URL)
    second = {"other": other, "superuser": poller.superuser}[second]
    refused(
        psycopg.errors.ObjectNotInPrerequisiteState,
        lambda: poller.schedule("https://evil.example.com", who=second),
        'the calls of the poller are scheduled already, by role "timesheet" on ',
        "run SELECT timesheet.unschedule_poller() as that role or as a superuser",
    )
    assert poller.scheduled() == WITHOUT_BACKFILL
    assert poller.db.execute("SELECT base_url FROM timesheet.poller").fetchall() == [(URL,)]


def test_a_role_that_schedules_at_the_same_time_waits_and_is_refused(poller):
    with poller.db.transaction(), ThreadPoolExecutor(1) as pool:
        poller.schedule(URL)
        asked = pool.submit(poller.schedule, URL, who=poller.superuser)
        with psycopg.connect(poller.server.superuser_uri) as watch:
            wait_until(lambda: watch.execute("SELECT FROM pg_locks WHERE NOT granted").rowcount)
        poller.db.execute("COMMIT")
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
            asked.result(timeout=30)
        poller.db.execute("BEGIN")
    assert poller.scheduled() == WITHOUT_BACKFILL


def test_what_stays_and_whose_it_is_is_said_and_a_superuser_removes_it(poller, other):
    poller.schedule(URL)
    notices = []
    other.add_notice_handler(lambda said: notices.append((said.message_primary, said.message_hint)))
    assert other.execute("SELECT timesheet.unschedule_poller()").fetchone() == (0,)
    ((text, hint),) = notices
    assert text.startswith('not removed: 4 jobs that role "timesheet" scheduled on ')
    assert hint == "Run SELECT timesheet.unschedule_poller() as that role or as a superuser."
    assert poller.db.execute("SELECT base_url FROM timesheet.poller").fetchall() == [(URL,)]
    assert poller.superuser.execute("SELECT timesheet.unschedule_poller()").fetchone() == (4,)
    assert poller.scheduled() == {} and poller.db.execute("SELECT FROM timesheet.poller").rowcount == 0


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "http://jobs.example.com",
        "https://me:hunter2@jobs.example.com",
        "https://jobs.example.com?key=hunter2",
        "https://jobs.example.com#hunter2",
        "https://a'); DROP TABLE timesheet.poller_calls; --",
        "https://a/$$||(SELECT 1)||$$",
        "https://a/\\'; SELECT pg_sleep(9); --",
        'https://"a"/%s',
    ],
)
def test_an_address_that_is_none_is_refused_and_never_run(poller, url):
    text = refused(psycopg.errors.InvalidParameterValue, lambda: poller.schedule(url), "base_url", "https://")
    assert "hunter2" not in text
    assert poller.scheduled() == {} and poller.db.execute("SELECT FROM timesheet.poller_calls").rowcount == 0


def missing(poller, error, said, without):
    """Scheduling is refused with this remedy while something is missing; nothing is scheduled."""
    with poller.superuser.transaction(force_rollback=True):
        for statement in without:
            poller.superuser.execute(statement)
        refused(error, lambda: poller.schedule(URL, who=poller.superuser), *said)
    assert poller.scheduled() == {}


@pytest.mark.parametrize(
    "error, said, without",
    [
        (
            psycopg.errors.FeatureNotSupported,
            ["pg_cron is not installed", "CREATE EXTENSION pg_cron"],
            ["DROP EXTENSION pg_cron CASCADE"],
        ),
        (
            psycopg.errors.FeatureNotSupported,
            ["pg_net is not installed", "CREATE EXTENSION pg_net"],
            ["DROP SCHEMA net CASCADE"],
        ),
        (
            psycopg.errors.FeatureNotSupported,
            ["Vault is not installed", "CREATE EXTENSION supabase_vault"],
            ["DROP SCHEMA vault CASCADE"],
        ),
        (
            psycopg.errors.ObjectNotInPrerequisiteState,
            ["no secret named timesheet_cron_secret", "SELECT vault.create_secret("],
            ["DELETE FROM vault.secrets"],
        ),
        (
            psycopg.errors.InvalidParameterValue,
            ["has only 31 characters", "SELECT vault.update_secret("],
            ["UPDATE vault.secrets SET secret = repeat('x', 31)"],
        ),
        (
            psycopg.errors.InsufficientPrivilege,
            ['role "timesheet" may not read the Vault', "timesheet.schedule_poller() as a role that may"],
            ["REVOKE SELECT ON vault.decrypted_secrets FROM timesheet", "SET ROLE timesheet"],
        ),
        (
            psycopg.errors.InsufficientPrivilege,
            ['role "timesheet" may not read the Vault'],
            ["REVOKE USAGE ON SCHEMA vault FROM timesheet", "SET ROLE timesheet"],
        ),
        (
            psycopg.errors.InsufficientPrivilege,
            ['role "timesheet" may not send requests by pg_net', "GRANT USAGE ON SCHEMA net TO timesheet"],
            ["REVOKE USAGE ON SCHEMA net FROM PUBLIC", "SET ROLE timesheet"],
        ),
        (
            psycopg.errors.InsufficientPrivilege,
            ['role "timesheet" may not send requests by pg_net'],
            ["REVOKE SELECT ON net._http_response FROM PUBLIC", "SET ROLE timesheet"],
        ),
    ],
)
def test_what_is_missing_is_said_with_the_statement_that_brings_it(poller, error, said, without):
    missing(poller, error, said, without)


def test_in_another_database_of_the_server_pg_cron_is_missing(poller):
    """pg_cron lives in one; the poller's jobs there are not touched."""
    poller.schedule(URL)
    poller.superuser.execute("CREATE DATABASE second OWNER timesheet")
    uri = poller.server.uri.rsplit("/", 1)[0] + "/second"
    Daemon(uri).must("migrate")
    with psycopg.connect(uri, autocommit=True) as second:
        for call in ("schedule_poller('https://other.example.com')", "unschedule_poller()"):
            refused(
                psycopg.errors.FeatureNotSupported,
                lambda call=call: second.execute(f"SELECT timesheet.{call}"),
                'pg_cron is not installed in database "second"',
                "set cron.database_name to 'second'",
            )
    assert poller.scheduled() == WITHOUT_BACKFILL
    poller.superuser.execute("DROP DATABASE second WITH (FORCE)")


def documented():
    """{name: (what, type)}: the written list of what pg_net and the Vault have."""
    lines = (STAND_INS / "documented_signatures.txt").read_text().splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def test_the_stand_ins_have_the_documented_signatures(poller):
    there = {
        line
        for line, in poller.superuser.execute(
            """
            SELECT p.oid::regproc::text || '('
              || regexp_replace(pg_get_function_arguments(p.oid), ' DEFAULT [^,)]*', '', 'g') || ') returns '
              || pg_get_function_result(p.oid)
            FROM pg_proc AS p WHERE p.pronamespace IN ('net'::regnamespace, 'vault'::regnamespace)
            UNION ALL SELECT a.attrelid::regclass || ' column ' || a.attname || ' ' || format_type(a.atttypid, NULL)
            FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid WHERE a.attnum > 0
              AND c.relnamespace IN ('net'::regnamespace, 'vault'::regnamespace)"""
        )
    }
    assert documented() - there == set()


def test_our_functions_use_of_pg_net_and_the_vault_only_what_is_documented():
    known = {re.match(r"[\w.]+", line).group() for line in documented()}
    columns = {(line.split()[0], line.split()[2]) for line in documented() if " column " in line}  # (relation, column)
    text = "".join(path.read_text() for path in (ROOT / "sql/functions").glob("*/*.sql"))
    assert set(re.findall(r"\b((?:net|vault)\.\w+)", text)) <= known
    calls = (ROOT / "sql/functions/poller/post_job.sql").read_text()
    (given,) = re.findall(r"net\.http_post\((.*?)\)'", calls)
    arguments = ", ".join(
        f"{name} {type_}"
        for name, type_ in zip(
            re.findall(r"(\w+) =>", given), ["text", "jsonb", "jsonb", "jsonb", "integer"], strict=True
        )
    )
    assert f"net.http_post({arguments}) returns bigint" in documented()
    answers = (ROOT / "sql/functions/poller/collect_answers.sql").read_text()
    assert {("net._http_response", column) for column in re.findall(r"\br\.(\w+)", answers)} <= columns
    secrets = (ROOT / "sql/functions/poller/poller_secret.sql").read_text()
    assert {("vault.decrypted_secrets", column) for column in re.findall(r"\bs\.(\w+)", secrets)} <= columns
