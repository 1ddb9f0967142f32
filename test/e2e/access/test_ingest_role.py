"""timesheet_ingest: the daemon's whole life but migrate, and nothing that would change or tell what was kept."""

import datetime

import psycopg
import pytest

from airtable_peer import Airtable
from conftest import Daemon, FakeJibble, wait_until
from stage import Stage, guid
from logins import login  # noqa: F401 (a fixture)
from mail_peers import Resend

pytestmark = pytest.mark.every_server

KEY, TOKEN = "key-hush-hush", "pat-hush-hush"
SINCE = (datetime.date.today() - datetime.timedelta(days=30)).isoformat()
WINDOW = ("--since", "2026-11-09", "--until", "2026-11-22")


@pytest.fixture(scope="module")
def fake(tmp_path_factory):
    it = FakeJibble(
        tmp_path_factory.mktemp("truth") / "truth.json",
        "--weeks",
        "3",
        "--now",
        datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    yield it
    it.stop()


@pytest.fixture(scope="module")
def peers():
    with Airtable(
        TOKEN, "appBase", "Clients", fields=["Email", "Jibble Group ID"], requests_per_second=1000
    ) as airtable, Resend(KEY, requests_per_second=1000) as mail:
        yield airtable, mail


@pytest.fixture(scope="module")
def uri(migrated_database, login):  # noqa: F811
    uri = migrated_database()
    return uri


@pytest.fixture(scope="module")
def owner(uri):
    with psycopg.connect(uri, autocommit=True) as db:
        yield db


@pytest.fixture(scope="module")
def ingest_uri(uri, login):  # noqa: F811
    return login(uri, "timesheet_ingest")[1]


@pytest.fixture(scope="module")
def daemon(ingest_uri, fake, peers):
    airtable, mail = peers
    it = Daemon(ingest_uri, fake)
    it.environment |= {
        "AIRTABLE_TOKEN": TOKEN,
        "AIRTABLE_BASE_ID": "appBase",
        "AIRTABLE_API_URL": airtable.url,
        "MAIL_PROVIDER": "resend",
        "MAIL_FROM": "Agency <hours@example.com>",
        "MAIL_UNSUBSCRIBE_URL": "https://hours.example.com/unsubscribe",
        "MAIL_PAGE_URL": "https://hours.example.com",
        "RESEND_API_KEY": KEY,
        "RESEND_API_URL": mail.url,
        "SYNC_INTERVAL": "1",
    }
    return it


@pytest.fixture(scope="module")
def ingested(daemon, fake, owner):
    """Read once by the role; the last run of that."""
    daemon.must("backfill", "--since", SINCE)
    daemon.must("sync")
    return owner.execute("SELECT max(ingest_run_id) FROM timesheet.ingest_runs").fetchone()[0]


def hours(owner):
    return owner.execute(
        "SELECT sum(work_seconds), sum(sessions) FROM timesheet.weekly_report "
        "WHERE week_start < date_trunc('week', now()) - interval '7 days'"
    ).fetchone()


def test_it_ingests_as_the_owner_does(migrated_database, fake, owner, ingested):
    other = Daemon(migrated_database(), fake)
    other.must("backfill", "--since", SINCE)
    other.must("sync")
    with psycopg.connect(other.environment["DATABASE_URL"], autocommit=True) as db:
        assert hours(db) == hours(owner)
    assert hours(owner)[0] > 0
    assert owner.execute(
        "SELECT count(*) FROM timesheet.ingest_runs WHERE status <> 'succeeded' AND ingest_run_id <= %s", (ingested,)
    ).fetchone() == (0,)


def test_what_vanished_is_found_by_its_run(daemon, fake, owner, ingested):
    """Asking for what is not shown, tombstones, and what could not be understood."""
    since, until = ((datetime.date.today() - datetime.timedelta(days=days)).isoformat() for days in (6, 4))
    daemon.must("sync", "--since", since, "--until", until)
    (person,) = owner.execute(
        "SELECT a.jibble_id FROM timesheet.time_entries AS e JOIN timesheet.agents AS a USING (agent_id)"
        " WHERE e.belongs_to_date BETWEEN %s AND %s AND e.deleted_at IS NULL LIMIT 1",
        (since, until),
    ).fetchone()
    owner.execute(
        "INSERT INTO timesheet.raw_events (resource, jibble_id, payload) VALUES ('TimeEntries', %s, %s)",
        (
            gone := guid("gone", 1),
            f'{{"id": "{gone}", "personId": "{person}", "type": "In", "time": "{since}T09:00:00Z", '
            f'"belongsToDate": "{since}", "status": "Active"}}',
        ),
    )
    daemon.must("sync", "--since", since, "--until", until)
    daemon.must("sync", "--since", since, "--until", until)
    assert owner.execute(
        "SELECT deleted_at IS NOT NULL FROM timesheet.time_entries WHERE jibble_activity_id = %s", (gone,)
    ).fetchone() == (True,)


def test_metrics(daemon, ingested):
    assert daemon.must("metrics").stdout.endswith("# EOF\n")


def test_check_replay_and_audit(daemon, owner, ingested):
    reported = {"ALERT_EMAILS": "ann@example.com", "HEARTBEAT_URL": "https://example.com/heartbeat"}
    checked = daemon.must("check", **reported).stdout
    assert [line.split()[0] for line in checked.splitlines()] == ["ok"] * len(checked.splitlines()), checked
    before = hours(owner)
    daemon.must("replay")
    assert hours(owner) == before
    daemon.must("audit", *WINDOW)
    assert owner.execute(
        "SELECT last_audit_at IS NOT NULL, audited_since::text FROM timesheet.feed_health"
    ).fetchone() == (True, WINDOW[1])


def test_contacts_and_digests(uri, daemon, peers, owner):
    airtable, mail = peers
    stage = Stage(uri)
    stage.client_group(1)
    stage.agent(1, 1)
    stage.shift(1, 1, 0, "09:00", "17:30")
    stage.close()
    airtable.records[:] = [
        ("rec1", {"Email": "ann@example.com", "Jibble Group ID": guid("group", 1)}),
        ("rec2", {"Email": "nobody"}),
    ]
    assert "nobody" in daemon.must("contacts").stderr  # a problem is reported
    assert "8.50" in daemon.must("digest", "preview", "--contact", "ann@example.com").stdout
    daemon.must("digest", "send")
    daemon.must("digest", "send")
    assert [sent.to for sent in mail.mails] == [["ann@example.com"]]
    assert owner.execute("SELECT state FROM timesheet.digests").fetchall() == [("sent",)]


def test_the_service_polls_and_reads_deep(daemon, owner):
    (before,) = owner.execute("SELECT max(ingest_run_id) FROM timesheet.ingest_runs").fetchone()
    service = daemon.start("run")
    wait_until(
        lambda: owner.execute(
            "SELECT count(DISTINCT command) >= 2 FROM timesheet.ingest_runs WHERE ingest_run_id > %s "
            "AND status = 'succeeded'",
            (before,),
        ).fetchone()[0],
        60,
    )
    service.terminate()
    _, log = service.communicate(timeout=30)
    assert service.returncode == 0 and "error" not in log.lower(), log


def test_a_failed_run_is_closed_as_failed(daemon, fake, owner):
    assert daemon("sync", JIBBLE_CLIENT_SECRET="wrong").returncode == 1
    (before,) = owner.execute("SELECT count(*) FROM timesheet.ingest_runs WHERE status = 'running'").fetchone()
    assert before == 0


def test_migrate_is_the_owners_and_says_so(daemon, owner):
    owner.execute(
        "UPDATE timesheet.schema_migrations SET version = -version WHERE version = (SELECT max(version) "
        "FROM timesheet.schema_migrations)"
    )
    try:
        done = daemon("migrate")
        assert (
            done.returncode == 1
            and "give DATABASE_URL a role that may do this, such as the schema's owner" in done.stderr
        )
    finally:
        owner.execute("UPDATE timesheet.schema_migrations SET version = -version WHERE version < 0")


@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT * FROM timesheet.raw_events",
        "SELECT * FROM timesheet.time_entries",
        "SELECT * FROM timesheet.weekly_report",
        "SELECT email FROM timesheet.contacts",
        "SELECT content FROM timesheet.digest_deliveries",
        "SELECT * FROM timesheet.settings",
        "DELETE FROM timesheet.raw_events",
        "UPDATE timesheet.raw_events SET payload = NULL",
        "INSERT INTO timesheet.time_entries (jibble_activity_id) VALUES (gen_random_uuid())",
        "UPDATE timesheet.settings SET max_session = '1 hour'",
        "TRUNCATE timesheet.ingest_runs",
        "SELECT * FROM timesheet.sessions(NULL, NULL)",
        "SELECT timesheet.assign_client_group(1, 1, now())",
        "SELECT timesheet.set_working_time('2026-01-01', 1)",
        "SELECT timesheet.normalise(0, 1)",
        "SELECT timesheet.prune_ingest_runs('0')",
        "SELECT timesheet.use_engine('sql')",
        "SELECT timesheet.resend_digest('ann@example.com', '2026-11-16')",
        "SELECT timesheet.resolve_delivery(1, true)",
        "SELECT timesheet.set_client_access('x', '{1}')",
        "CREATE TABLE timesheet.mine ()",
        "CREATE TRIGGER mine BEFORE INSERT ON timesheet.raw_events FOR EACH ROW EXECUTE FUNCTION "
        "timesheet.keep_settings()",
    ],
)
def test_it_may_not(ingest_uri, attempt):
    with psycopg.connect(ingest_uri, autocommit=True) as db, pytest.raises(psycopg.errors.InsufficientPrivilege):
        db.execute(attempt)


def test_a_table_of_its_own_in_the_way_stops_it_and_gains_nothing(ingest_uri):
    """store_contacts() makes temporary tables as the owner: one that stands there is not taken for its own."""
    with psycopg.connect(ingest_uri, autocommit=True) as db:
        db.execute(
            "CREATE TEMP TABLE given (n int, record_id text, email text, emails int, is_email boolean, named text[])"
        )
        db.execute(
            "CREATE FUNCTION pg_temp.gain() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ran as "
            "%', current_user; END $$"
        )
        db.execute("CREATE TRIGGER gain BEFORE INSERT ON given FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.gain()")
        with pytest.raises(psycopg.errors.DuplicateTable):
            db.execute("SELECT timesheet.store_contacts('[]', 'Email', 'Jibble Group ID')")
