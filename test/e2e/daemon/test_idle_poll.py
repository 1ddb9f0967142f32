"""A poll that finds nothing new writes its line in the run log and nothing else, and asks for little."""

import datetime

import psycopg
import pytest

from conftest import SUPERUSER_URI, Daemon, wait_until
from mail_peers import Resend
from other_server import other_server  # noqa: F401 (a fixture)

WINDOW = ("--since", "2026-11-16", "--until", "2026-11-25")
RUN_LOG = "ingest_runs"
LINE = {RUN_LOG, f"{RUN_LOG}_ingest_run_id_seq", ""}  # what one is made of, and its transactions
UTC = datetime.timezone.utc


def changes(db):
    """Rows written so far, by table."""
    db.execute("SELECT pg_stat_force_next_flush()")
    return dict(
        db.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_all_tables WHERE schemaname = 'timesheet'"
        ).fetchall()
    )


@pytest.fixture
def admin(daemon):
    """A superuser in the daemon's database, with pg_walinspect."""
    uri = SUPERUSER_URI.rsplit("/", 1)[0] + "/" + daemon.environment["DATABASE_URL"].rsplit("/", 1)[1]
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_walinspect")
        slot = f"kept_{connection.info.backend_pid}"  # so that no checkpoint removes what is looked at
        connection.execute("SELECT pg_create_physical_replication_slot(%s, true)", (slot,))
        yield connection
        connection.execute("SELECT pg_drop_replication_slot(%s)", (slot,))


def walled(admin, poll):
    """Of a poll: records and bytes of WAL by table, an index counted with its table; of transactions, which have
    one record if they write, as ''. Not that a page was pruned of what others had written: any reader of it may
    do that; nor that autovacuum counted a table meanwhile, which is no part of the poll."""
    (begin,) = admin.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
    poll()
    # As far as it is on the disk, which is all that the poll has committed.
    (end,) = admin.execute("SELECT greatest(pg_current_wal_flush_lsn(), %s)", (begin,)).fetchone()
    rows = admin.execute(
        """
        WITH record AS MATERIALIZED (
          SELECT r.xid, r.resource_manager, r.record_type, r.record_length,
            regexp_match(r.block_ref, 'rel [0-9]+/([0-9]+)/([0-9]+)')::oid[] AS block
          FROM pg_get_wal_records_info(%s, %s) AS r
        ), of_database AS (
          SELECT r.*, coalesce(t.relname, c.relname, r.block[2]::text) AS name FROM record AS r
          JOIN pg_database AS d ON d.oid = r.block[1] AND d.datname = current_database()
          LEFT JOIN pg_class AS c ON pg_relation_filenode(c.oid) = r.block[2]
          LEFT JOIN pg_index AS i ON i.indexrelid = c.oid LEFT JOIN pg_class AS t ON t.oid = i.indrelid
          WHERE r.record_type NOT LIKE 'PRUNE%%'
            AND coalesce(t.relname, c.relname, '') NOT IN ('pg_class', 'pg_statistic', 'pg_attribute')
        )
        SELECT o.name, count(*), sum(o.record_length)::int FROM of_database AS o GROUP BY 1
        UNION ALL
        SELECT '', count(*), sum(r.record_length)::int FROM record AS r
        WHERE r.resource_manager = 'Transaction' AND r.xid IN (SELECT o.xid FROM of_database AS o)
        HAVING count(*) > 0
        """,
        (begin, end),
    ).fetchall()
    return {name: (records, length) for name, records, length in rows}


def reported_by(mail):
    """The environment in which trouble is reported by e-mail."""
    return {
        "MAIL_PROVIDER": "resend",
        "MAIL_FROM": "hours@example.com",
        "RESEND_API_KEY": "key-1",
        "RESEND_API_URL": mail.url,
        "ALERT_EMAILS": "ann@example.com",
    }


def settle(daemon):
    """Reads all there is, and again what that may have left, such as names to ask for."""
    for _ in range(3):
        daemon.must("sync", *WINDOW)


def assert_idle(daemon, db, admin, polls=3):
    before = changes(db)
    found = [walled(admin, lambda: daemon.must("sync", *WINDOW)) for _ in range(polls)]
    for wal in found:
        assert set(wal) <= LINE, wal
        records = sum(n for n, _ in wal.values())
        length = sum(n for _, n in wal.values())
        # The row, its indexes, what was counted, how it ended; a page of each whole after a checkpoint.
        assert records <= 25 and length <= 5 * 8192 + 4096, wal
    after = changes(db)
    written = {table for table in after if after[table] != before.get(table, 0)}
    assert written <= {RUN_LOG, "lock_holders"}, written
    return found


def test_a_poll_that_finds_nothing_new_writes_its_run_alone(daemon, db, admin):
    settle(daemon)
    assert_idle(daemon, db, admin)
    assert db.execute(
        "SELECT status, new, changed, deleted, rejected FROM timesheet.ingest_runs ORDER BY ingest_run_id DESC LIMIT 1"
    ).fetchone() == ("succeeded", 0, 0, 0, 0)


def test_the_server_as_a_whole_says_the_same(other_server, jibble):  # noqa: F811
    """pg_stat_wal counts all that a server writes, so this one does nothing else: a few records for a poll."""
    daemon = Daemon(other_server.uri, jibble)
    daemon.must("migrate")
    settle(daemon)
    with psycopg.connect(other_server.superuser_uri, autocommit=True) as admin:
        # What the server does at its own time.
        admin.execute("ALTER SYSTEM SET autovacuum = off")
        admin.execute("SELECT pg_reload_conf()")

        def counted():
            # What a session has written is counted at its end.
            others = "SELECT FROM pg_stat_activity WHERE application_name LIKE 'timesheetd%'"
            wait_until(lambda: not admin.execute(others).fetchall())
            return admin.execute("SELECT wal_records, wal_bytes FROM pg_stat_wal").fetchone()

        before = counted()
        for _ in range(4):
            daemon.must("sync", *WINDOW)
        records, length = (int(now - then) for now, then in zip(counted(), before))
    assert 0 < records <= 4 * 25 and length <= 4 * 4096


def test_pages_and_rows_are_counted_though_nothing_is_stored(daemon, db):
    settle(daemon)
    daemon.must("sync", *WINDOW)
    first, last = db.execute(
        "SELECT min(pages + rows * 1000), max(pages + rows * 1000) FROM ("
        "SELECT pages, rows FROM timesheet.ingest_runs WHERE command = 'sync') AS r"
    ).fetchone()
    assert first == last and first > 1000


def test_a_running_session_is_not_stored_before_it_ends(daemon, db, admin, jibble):
    daemon.must("sync", *WINDOW)
    (person,) = db.execute(
        "SELECT jibble_id::text FROM timesheet.agents WHERE status = 'Joined' ORDER BY agent_id LIMIT 1"
    ).fetchone()
    now = datetime.datetime.now(UTC).replace(microsecond=0)
    guid = "00000000-0000-4000-8000-0000000000aa"
    jibble.admin(
        "PUT",
        "objects/TimeEntries",
        {
            "id": guid,
            "personId": person,
            "type": "In",
            "time": (now - datetime.timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "belongsToDate": "2026-11-24",
            "status": "Active",
        },
    )
    settle(daemon)
    running = "SELECT count(*) FROM timesheet.session_log WHERE end_reason = 'running' AND jibble_activity_id = %s"
    assert db.execute(running, (guid,)).fetchone() == (1,)
    assert db.execute("SELECT count(*) FROM timesheet.stale_days").fetchone() == (1,)
    assert_idle(daemon, db, admin)
    assert db.execute("SELECT count(*) FROM timesheet.stale_days").fetchone() == (1,)
    # Once it has ended by the clock alone, the next poll stores it.
    db.execute("UPDATE timesheet.settings SET long_session = '07:00', max_session = '07:00'")
    daemon.must("sync", *WINDOW)
    assert db.execute("SELECT count(*) FROM timesheet.stale_days").fetchone() == (0,)
    assert db.execute(
        "SELECT end_reason FROM timesheet.session_rollup WHERE jibble_activity_id = %s", (guid,)
    ).fetchone() == ("missing_clock_out",)


def test_so_it_is_where_alerts_are_configured(daemon, db, admin):
    with Resend("key-1") as mail:
        daemon.environment |= reported_by(mail)
        settle(daemon)
        assert_idle(daemon, db, admin)


def test_so_are_the_passes_of_the_service_which_send_digests_too(daemon, db, admin):
    """After the first pass, which reads 35 days as well."""

    def pass_of_it(count):
        runs = "SELECT count(*) FROM timesheet.ingest_runs WHERE status = 'succeeded'"
        last = db.execute(runs).fetchone()[0] + count
        wait_until(lambda: db.execute(runs).fetchone()[0] >= last)

    with Resend("key-1") as mail:
        process = daemon.start("run", SYNC_INTERVAL="1", **reported_by(mail))
        pass_of_it(5)
        wal = walled(admin, lambda: pass_of_it(3))
        process.terminate()
        process.communicate(timeout=60)
    assert RUN_LOG in wal and set(wal) <= LINE, wal


def test_the_holder_is_named_to_who_waits_though_it_writes_no_wal(db):
    assert db.execute(
        "SELECT relpersistence FROM pg_class WHERE oid = 'timesheet.lock_holders'::regclass"
    ).fetchone() == ("u",)


def test_one_changed_entry_among_many_is_stored_alone(daemon, db, jibble):
    settle(daemon)
    entry = db.execute(
        "SELECT jibble_id FROM timesheet.raw_events WHERE resource = 'TimeEntries' "
        "ORDER BY raw_event_id LIMIT 1 OFFSET 40"
    ).fetchone()[0]
    (before,) = db.execute("SELECT count(*) FROM timesheet.raw_events").fetchone()
    jibble.admin("PATCH", f"objects/TimeEntries/{entry}", {"note": "changed"})
    daemon.must("sync", *WINDOW)
    assert db.execute("SELECT count(*) FROM timesheet.raw_events").fetchone() == (before + 1,)
    assert db.execute(
        "SELECT changed, new FROM timesheet.ingest_runs ORDER BY ingest_run_id DESC LIMIT 1"
    ).fetchone() == (1, 0)
