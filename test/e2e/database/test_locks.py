"""Locks of ours are nobody else's: who may only connect stops nothing, and a role of ours can do what it needs,
no more."""

import datetime
import re
import subprocess

import psycopg
import pytest

from airtable_peer import Airtable
from conftest import Daemon, FakeJibble
from stage import Stage, guid
from locks import LOCKS, MODES, every_advisory_lock, holder_of, with_lock_timeout
from logins import login  # noqa: F401 (a fixture)
from mail_peers import Resend

pytestmark = pytest.mark.every_server

WINDOW = ("--since", "2026-11-16", "--until", "2026-11-22")
OUR_ROLES = (
    "timesheet_reader",
    "timesheet_ingest",
    "timesheet_operator",
    "timesheet_client",
    "timesheet_unsubscribe",
    "timesheet_portal",
)


@pytest.fixture(scope="module")
def fake(tmp_path_factory):
    it = FakeJibble(tmp_path_factory.mktemp("truth") / "truth.json", "--weeks", "2")
    yield it
    it.stop()


@pytest.fixture(scope="module")
def uri(new_database, login):  # noqa: F811
    uri = new_database()
    Daemon(uri).must("migrate")
    return uri


@pytest.fixture(scope="module")
def owner(uri):
    with psycopg.connect(uri, autocommit=True) as db:
        yield db


@pytest.fixture(scope="module")
def stranger(uri, login):  # noqa: F811
    return login(uri)[1]


def test_who_may_only_connect_stops_nothing(uri, new_database, login, stranger, owner, fake):  # noqa: F811
    """Each waits a second at most, so that one that is stopped fails the test."""
    impatient = with_lock_timeout(login(uri, "timesheet_ingest")[1], "1s")
    empty = new_database()
    stage = Stage(uri)
    stage.client_group(1)
    stage.agent(1, 1)
    stage.shift(1, 1, 0, "09:00", "17:30")
    stage.close()
    records = [("rec1", {"Email": "ann@example.com", "Jibble Group ID": guid("group", 1)})]
    with Airtable("pat-1", "appBase", "Clients", records) as airtable, Resend("key-1") as mail, every_advisory_lock(
        stranger
    ), every_advisory_lock(stranger.rsplit("/", 1)[0] + "/" + empty.rsplit("/", 1)[1]):
        daemon = Daemon(impatient, fake)
        daemon.environment |= {
            "AIRTABLE_TOKEN": "pat-1",
            "AIRTABLE_BASE_ID": "appBase",
            "AIRTABLE_API_URL": airtable.url,
            "MAIL_PROVIDER": "resend",
            "MAIL_FROM": "hours@example.com",
            "RESEND_API_KEY": "key-1",
            "RESEND_API_URL": mail.url,
        }
        for command in (
            ("sync", *WINDOW),
            ("nightly",),
            ("backfill", *WINDOW),
            ("replay",),
            ("contacts",),
            ("digest", "send"),
        ):
            daemon.must(*command)
        assert [sent.to for sent in mail.mails] == [["ann@example.com"]]
        owner.execute("SET lock_timeout = '1s'")
        owner.execute(
            "SELECT timesheet.set_working_time('2026-01-01', for_agent => min(agent_id), "
            "time_zone => 'Asia/Manila') FROM timesheet.agents"
        )
        owner.execute(
            "SELECT timesheet.assign_client_group(min(agent_id), min(g.client_group_id), '2026-11-01') "
            "FROM timesheet.agents, timesheet.client_groups AS g"
        )
        owner.execute("UPDATE timesheet.settings SET long_session = '11 hours'")
        owner.execute("SELECT timesheet.refresh(), timesheet.queue_digests(), timesheet.replay()")
        owner.execute("RESET lock_timeout")
        Daemon(with_lock_timeout(empty, "1s")).must("migrate")


def attempts(db):
    """Each lock that could be taken of each relation of ours, as (relation, mode), and each function that took one."""
    relations = [
        name
        for name, in db.execute(
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class AS c JOIN pg_namespace AS n "
            "ON n.oid = c.relnamespace"
            " WHERE n.nspname ~ '^timesheet' AND c.relkind IN ('r', 'v') ORDER BY 1"
        )
    ]
    assert {f"timesheet.{lock}" for lock in LOCKS} <= set(relations)
    functions = [
        name
        for name, in db.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc AS p WHERE p.pronamespace = 'timesheet'::regnamespace"
            " AND p.proname ~ '^(take|lock)_' ORDER BY 1"
        )
    ]
    assert len(functions) == 14, functions
    calls = [
        f"SELECT {f.split('(')[0]}({', '.join(['NULL'] * (f.count(',') + (not f.endswith('()'))))})" for f in functions
    ]
    could = set()
    for statement, name in [(f"LOCK TABLE {r} IN {m} MODE NOWAIT", (r, m)) for r in relations for m in MODES] + [
        (c, (c, "call")) for c in calls
    ]:
        try:
            db.execute("BEGIN")
            db.execute(statement)
            could.add(name)
        except psycopg.errors.InsufficientPrivilege:
            pass
        finally:
            db.execute("ROLLBACK")
    return could


@pytest.mark.parametrize("role", [None, "timesheet_unsubscribe", "timesheet_client"])
def test_a_login_without_a_need_can_take_no_lock_of_ours(uri, owner, login, role):  # noqa: F811
    with psycopg.connect(login(uri, *([role] if role else []))[1], autocommit=True) as db:
        schemas = db.execute(
            "SELECT has_schema_privilege('timesheet', 'USAGE'), has_schema_privilege('timesheet_client', 'USAGE')"
        ).fetchone()
        assert schemas == (role == "timesheet_unsubscribe", role == "timesheet_client")
        could = attempts(db)
    # A client's views run as who asks, and stand on functions alone:
    # a lock of one is in nobody's way but a migration's.
    assert {mode for _, mode in could} == ({"ACCESS SHARE"} if role == "timesheet_client" else set())
    assert all(name.startswith("timesheet_client.") for name, _ in could)


def test_a_reader_locks_as_reading_does_and_holds_up_no_sync(uri, owner, login, fake):  # noqa: F811
    with psycopg.connect(login(uri, "timesheet_reader")[1], autocommit=True) as db:
        could = attempts(db)
        assert {mode for _, mode in could} == {"ACCESS SHARE"}
        assert not {f"timesheet.{lock}" for lock in (*LOCKS, "lock_holders", "ingest_state")} & {
            name for name, _ in could
        }
        db.execute("BEGIN")
        for name, mode in sorted(could):
            db.execute(f"LOCK TABLE {name} IN {mode} MODE")
        daemon = Daemon(with_lock_timeout(uri, "1s"), fake)
        daemon.must("sync", *WINDOW)
        daemon.must("replay")
        owner.execute("UPDATE timesheet.settings SET long_session = '10 hours'")


@pytest.mark.parametrize("role", ["timesheet_unsubscribe", "timesheet_reader", "timesheet_ingest"])
def test_what_preparing_locks_before_rights_are_asked_is_in_nobodys_way(uri, owner, login, role):  # noqa: F811
    """PREPARE locks what a statement names as soon as it is parsed: for a role that may look into the schema,
    up to ROW EXCLUSIVE."""
    with psycopg.connect(login(uri, role)[1]) as db, psycopg.connect(with_lock_timeout(uri, "1s")) as ours:
        for n, relation in enumerate([*LOCKS, "schema_migrations", "client_access"]):
            db.execute(f"PREPARE look_{n} AS SELECT FROM timesheet.{relation} FOR UPDATE")
        for n, relation in enumerate(("schema_migrations", "client_access", "raw_events", "time_entries")):
            db.execute(f"PREPARE change_{n} AS DELETE FROM timesheet.{relation}")
        assert owner.execute(
            "SELECT count(*) FROM pg_locks WHERE pid = %s AND locktype = 'relation' "
            "AND mode IN ('RowShareLock', 'RowExclusiveLock')",
            (db.info.backend_pid,),
        ).fetchone()[0] >= len(
            LOCKS
        )  # else this test says nothing
        for lock in LOCKS:
            ours.execute("SELECT timesheet.take_lock(%s)", (lock,))
        ours.rollback()
        Daemon(with_lock_timeout(uri, "1s")).must("migrate")


def test_the_daemons_role_takes_the_locks_of_a_pass_and_no_other(uri, login):  # noqa: F811
    with psycopg.connect(login(uri, "timesheet_ingest")[1], autocommit=True) as db:
        could = attempts(db)
    assert {name for name, mode in could if mode == "call"} == {
        "SELECT timesheet.take_ingest_lock()",
        "SELECT timesheet.take_digest_lock()",
        "SELECT timesheet.take_replay_lock()",
    }
    assert {mode for _, mode in could} == {"ACCESS SHARE", "call"}
    assert not {f"timesheet.{lock}" for lock in (*LOCKS, "lock_holders")} & {name for name, _ in could}


def test_locks_are_in_the_way_of_neither_a_dump_nor_a_vacuum_of_everything(uri, owner):
    with psycopg.connect(uri) as db:
        for lock in LOCKS:
            db.execute("SELECT timesheet.take_lock(%s)", (lock,))
            assert holder_of(owner, lock) == db.info.backend_pid
        owner.execute("SET lock_timeout = '1s'")
        try:
            owner.execute("ANALYZE")
            owner.execute("VACUUM")
        finally:
            owner.execute("RESET lock_timeout")
        with psycopg.connect(with_lock_timeout(uri, "1s")) as dump:  # as pg_dump does, of every version
            for (name,) in owner.execute(
                "SELECT format('%I.%I', relnamespace::regnamespace, relname) FROM pg_class "
                "WHERE relnamespace = 'timesheet'::regnamespace AND relkind IN ('r', 'v')"
            ).fetchall():
                dump.execute(f"LOCK TABLE {name} IN ACCESS SHARE MODE")
        if (
            f"pg_dump (PostgreSQL) {owner.info.server_version // 10000}."
            in subprocess.run(["pg_dump", "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout
        ):
            subprocess.run(["pg_dump", "--lock-wait-timeout=1000", "-f", "/dev/null", uri], check=True)


def test_a_lock_waits_as_long_as_lock_timeout_says_and_names_its_holder(uri, owner):
    """Within a second of waiting, then at the end; and lock_timeout is afterwards what it was."""
    with psycopg.connect(uri, application_name="by hand") as db, psycopg.connect(uri, autocommit=True) as other:
        db.execute("SELECT timesheet.lock_writers()")
        heard = []
        other.add_notice_handler(lambda notice: heard.append((datetime.datetime.now(), notice.message_primary)))
        other.execute("SET lock_timeout = '1500ms'")
        begun = datetime.datetime.now()
        with pytest.raises(psycopg.errors.LockNotAvailable) as caught:
            other.execute("UPDATE timesheet.settings SET long_session = '9 hours'")
        took = (datetime.datetime.now() - begun).total_seconds()
        assert 1.4 <= took < 4
        (since,) = db.execute("SELECT to_char(now() AT TIME ZONE 'UTC', 'Dy FMDD Mon YYYY, HH24:MI')").fetchone()
        who = f"role timesheet since {since} (UTC) (by hand, server process {db.info.backend_pid})"
        assert [text for _, text in heard] == [f"waiting for the writers lock, held by {who}"]
        assert (heard[0][0] - begun).total_seconds() < 1
        assert (
            caught.value.diag.message_primary
            == f"the writers lock could not be taken within 1500ms: it is held by {who}"
        )
        assert f"pg_terminate_backend({db.info.backend_pid})" in caught.value.diag.message_hint
        assert other.execute("SHOW lock_timeout").fetchone() == ("1500ms",)
        db.rollback()
        other.execute("UPDATE timesheet.settings SET long_session = '12 hours'")


def test_the_job_that_refreshes_leaves_it_to_another_that_does(uri, owner):
    with psycopg.connect(uri) as db:
        db.execute("SELECT timesheet.lock_refresh()")
        owner.execute("UPDATE timesheet.settings SET long_session = '13 hours'")
        (job,) = owner.execute("SELECT command FROM timesheet.jobs() WHERE name = 'timesheet-refresh'").fetchone()
        owner.execute("SET lock_timeout = '1s'")
        owner.execute(job)
        stale = "SELECT count(*) > 0 FROM timesheet.stale_days"
        assert owner.execute(stale).fetchone() == (True,)
        db.rollback()
    owner.execute(job)
    owner.execute("RESET lock_timeout")
    assert owner.execute(stale).fetchone() == (False,)


def test_a_holder_is_recorded_only_by_who_holds(uri, login):  # noqa: F811
    name, ingest = login(uri, "timesheet_ingest")
    with psycopg.connect(ingest) as holding, psycopg.connect(ingest, autocommit=True) as working:
        record = "SELECT timesheet.record_lock_holder('ingest_lock', %s, E'host\\nof mine', 7)"
        with pytest.raises(
            psycopg.errors.ObjectNotInPrerequisiteState,
            match=f"server process {holding.info.backend_pid} does not hold the ingest lock",
        ):
            working.execute(record, (holding.info.backend_pid,))
        holding.execute("SELECT timesheet.take_ingest_lock()")
        working.execute(record, (holding.info.backend_pid,))
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
            working.execute(
                "SELECT timesheet.record_lock_holder('digest_lock', %s, 'host', 7)", (holding.info.backend_pid,)
            )
        with psycopg.connect(uri) as owner:
            found = owner.execute("SELECT holder FROM timesheet.lock_holder('ingest_lock')").fetchone()[0]
            assert re.match(
                rf"role {name} since [A-Z][a-z]{{2}} \d+ [A-Z][a-z]{{2}} 20\d\d, \d\d:\d\d \(UTC\) \(", found
            )
            assert "host of mine, process 7" in found and "\n" not in found
            assert owner.execute("SELECT backend_pid FROM timesheet.lock_holder('digest_lock')").fetchone() == (None,)
