"""A sync that finds nothing new writes its line of the run log and nothing else: by PostgreSQL's own log of writes,
record by record, and by its count of each table's changes. On a server of its own, as that log is the server's."""

import datetime
import json
import pathlib
import subprocess

import pytest

from agency import WINDOW
from conftest import TIMESHEETD, Daemon, FakeJibble
from logins import make_roles
from mail_peers import Resend
from odd_history import connect, guid
from webhook_peer import Webhook

ROOT = pathlib.Path(__file__).parents[3]
STAGE = pathlib.Path(TIMESHEETD).parents[1] / "stage"
# What the line itself consists of.
RUN_LOG = "ingest_runs"
CHANGES = (  # of an unlogged table nothing is written to the log, and none is needed of who holds a lock
    "SELECT t.relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables AS t JOIN pg_class AS c "
    "ON c.oid = t.relid AND c.relpersistence = 'p' "
    "WHERE schemaname = 'timesheet' AND n_tup_ins + n_tup_upd + n_tup_del > 0"
)
WRITTEN = """
    SELECT coalesce(c.relname, w.rel), count(*) FROM (
      SELECT (regexp_matches(block_ref, 'rel [0-9]+/[0-9]+/[0-9]+', 'g'))[1] AS rel
      FROM pg_get_wal_records_info(%s, %s)) AS w
    LEFT JOIN pg_class AS c ON pg_relation_filenode(c.oid) = split_part(w.rel, '/', 3)::oid
    GROUP BY 1"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """(URI of the owner, URI of a superuser) of a server on which nothing else happens."""
    directory = tmp_path_factory.mktemp("cluster")

    def cluster(*arguments):
        return subprocess.run(
            [ROOT / "test/cluster.sh", *arguments], check=True, stdout=subprocess.PIPE, text=True
        ).stdout.strip()

    uri = cluster("scratch", directory, STAGE)
    superuser = cluster("uri", directory, "postgres")
    try:
        with connect(superuser) as db:
            for setting in ("autovacuum = off", "checkpoint_timeout = '1h'", "bgwriter_lru_maxpages = 0"):
                db.execute(f"ALTER SYSTEM SET {setting}")
            db.execute("SELECT pg_reload_conf()")
            db.execute("CREATE EXTENSION pg_walinspect")
        make_roles(superuser)
        Daemon(uri).must("migrate")
        yield uri, superuser
    finally:
        cluster("stop", directory)


@pytest.fixture(scope="module")
def jibble(tmp_path_factory):
    it = FakeJibble(tmp_path_factory.mktemp("truth") / "truth.json", "--weeks", "2", "--agents", "12")
    yield it
    it.stop()


@pytest.fixture(scope="module")
def daemon(server, jibble):
    """timesheetd that has read all there is."""
    it = Daemon(server[0], jibble)
    it.must("backfill", "--since", "2026-11-08", "--until", "2026-11-25")
    return it


def relation_of_index(db):
    return dict(
        db.execute(
            "SELECT i.relname, t.relname FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid "
            "JOIN pg_class AS t ON t.oid = x.indrelid"
        ).fetchall()
    )


def idle_poll(daemon, server, *command, **environment):
    """({table: its changed rows}, {relation: WAL records}, bytes of WAL) of a pass that finds nothing."""
    command = command or ("sync", *WINDOW)
    for _ in range(2):  # what is new is read, and stored; what a first time writes is written
        daemon.must(*command, **environment)
    with connect(server[1]) as db:

        def counts():
            db.execute("SELECT pg_stat_clear_snapshot()")
            return {name: tuple(numbers) for name, *numbers in db.execute(CHANGES)}

        def settled():
            """The statistics of a connection that has ended come a moment later."""
            previous = None
            while previous != (previous := counts()):
                db.execute("SELECT pg_sleep(0.3)")
            return previous

        db.execute("CHECKPOINT")
        rows = settled()
        db.execute("SELECT pg_log_standby_snapshot()" if db.info.server_version >= 160000 else "SELECT 1")
        ((begin, wal),) = db.execute("SELECT pg_current_wal_insert_lsn(), wal_bytes FROM pg_stat_wal").fetchall()
        done = daemon.must(*command, **environment)
        ((end,),) = db.execute("SELECT pg_current_wal_insert_lsn()").fetchall()
        db.execute("SELECT pg_logical_emit_message(true, 'test', 'flushes what was inserted')")
        indexes = relation_of_index(db)
        written = {}
        for name, records in db.execute(WRITTEN, (begin, end)):
            name = indexes.get(name, name).removesuffix("_ingest_run_id_seq")
            written[name] = written.get(name, 0) + records
        bytes = db.execute("SELECT pg_wal_lsn_diff(%s, %s)::int", (end, begin)).fetchone()[0]
        after = settled()
        changed = {
            name: tuple(now - before for now, before in zip(numbers, rows.get(name, (0, 0, 0))))
            for name, numbers in after.items()
        }
        changed = {name: numbers for name, numbers in changed.items() if any(numbers)}
        (of_stat,) = db.execute("SELECT (wal_bytes - %s)::bigint FROM pg_stat_wal", (wal,)).fetchone()
        assert of_stat < 64 * 1024, (of_stat, done.stderr)
        return changed, written, bytes


def wrote_its_line_alone(daemon, server, *command, **environment):
    changed, written, bytes = idle_poll(daemon, server, *command, **environment)
    assert changed.keys() == {RUN_LOG}, changed
    inserted, updated, deleted = changed[RUN_LOG]
    assert (inserted, deleted) == (1, 0) and updated <= 3
    assert written.keys() == {RUN_LOG}, written
    assert bytes < 8192


def test_of_an_agency_at_rest(daemon, server):
    wrote_its_line_alone(daemon, server)


def test_without_a_window_as_the_service_polls(daemon, server, jibble):
    wrote_its_line_alone(daemon, server, "sync")


def test_with_a_running_session(daemon, server, jibble):
    """Its day stays marked, and what is stored of it is not stored again and again."""
    now = datetime.datetime.now(datetime.timezone.utc)
    person = json.loads(jibble.truth.read_text())["agents"][0]["id"]
    at = now - datetime.timedelta(hours=1)
    jibble.admin(
        "PUT",
        "objects/TimeEntries",
        {
            "id": guid("running"),
            "personId": person,
            "type": "In",
            "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "belongsToDate": str(at.date()),
            "status": "Active",
        },
    )
    try:
        window = ("sync", "--since", str(at.date() - datetime.timedelta(days=2)), "--until", str(now.date()))
        daemon.must(*window)
        with connect(server[0]) as db:
            assert db.execute(
                "SELECT end_reason FROM timesheet.session_log WHERE jibble_activity_id = %s", (guid("running"),)
            ).fetchone() == ("running",)
            assert db.execute("SELECT count(*) > 0 FROM timesheet.stale_days").fetchone() == (True,)
        wrote_its_line_alone(daemon, server, *window)
    finally:
        jibble.admin("DELETE", f"objects/TimeEntries/{guid('running')}")


def test_with_an_entry_that_cannot_be_read(daemon, server, jibble):
    """It is tried again by each run, and nothing is written where it still cannot be read."""
    id, person = guid("rejected"), json.loads(jibble.truth.read_text())["agents"][0]["id"]
    one = {"id": id, "personId": person, "type": "In", "time": "soon", "belongsToDate": "2026-11-23"}
    jibble.admin("PUT", "objects/TimeEntries", one | {"status": "Active"})
    try:
        daemon.must("sync", *WINDOW)
        with connect(server[0]) as db:
            assert db.execute("SELECT count(*) FROM timesheet.ingest_problems").fetchone()[0] > 0
        changed, _, bytes = idle_poll(daemon, server)
        # That it was tried may be noted, in the problem's own line.
        assert changed.keys() <= {RUN_LOG, "ingest_problems"} and bytes < 16384, changed
    finally:
        jibble.admin("DELETE", f"objects/TimeEntries/{id}")
        daemon.must("sync", *WINDOW, "--allow-mass-deletion")


def test_with_alerts_configured(daemon, server):
    with Resend("key-1") as mail, Webhook() as webhook:
        wrote_its_line_alone(
            daemon,
            server,
            ALERT_EMAILS="ann@example.com",
            ALERT_WEBHOOK_URL=webhook.address,
            MAIL_PROVIDER="resend",
            MAIL_FROM="hours@example.com",
            RESEND_API_KEY="key-1",
            RESEND_API_URL=mail.url,
        )


def test_in_the_daemons_own_role(daemon, server):
    with connect(server[1]) as db:
        db.execute("CREATE ROLE ingest LOGIN PASSWORD 'ingest' IN ROLE timesheet_ingest")
    uri = "postgresql://ingest:ingest@" + server[0].split("@", 1)[1]
    wrote_its_line_alone(daemon, server, DATABASE_URL=uri)


def test_a_change_is_still_written(daemon, server, jibble):
    """The same look sees what is not idle."""
    with connect(server[0]) as db:
        ((id, at),) = db.execute(
            "SELECT jibble_activity_id::text, to_char(start_time_utc + interval '1 second', "
            "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM timesheet.time_entries WHERE belongs_to_date = '2026-11-23' LIMIT 1"
        ).fetchall()
        before = {name: numbers for name, *numbers in db.execute(CHANGES)}
        jibble.admin("PATCH", f"objects/TimeEntries/{id}", {"time": at})
        daemon.must("sync", *WINDOW)
        db.execute("SELECT pg_sleep(1)")
        after = {name: numbers for name, *numbers in db.execute(CHANGES)}
    assert {"raw_events", "time_entries"} <= {name for name in after if after[name] != before.get(name)}
