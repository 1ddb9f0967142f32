"""Marking a change looks at the entry's two neighbours, whatever the statistics say: after a rolled back backfill they
say that there is nothing."""

import psycopg
import pytest

from conftest import SUPERUSER_URI

pytestmark = pytest.mark.every_server

ENTRIES = """
    INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, raw_type, belongs_to_date,
      workday, workday_end)
    SELECT gen_random_uuid(), 1 + n %% 40, at, 'In', at::date, at::date, at::date + 1
    FROM (SELECT n, timestamptz '2020-01-01 00:00Z' + n * interval '1 minute' AS at FROM generate_series(%s, %s) AS n)
      AS e"""


def test_neighbours_are_found_by_session_order_where_the_table_counts_as_empty(migrated_database):
    uri = migrated_database()
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute(
            "INSERT INTO timesheet.agents (agent_id, jibble_id) SELECT n, gen_random_uuid() "
            "FROM generate_series(1, 40) AS n"
        )
        db.execute("ALTER TABLE timesheet.time_entries SET (autovacuum_enabled = off)")
        db.execute(ENTRIES, (1, 40000))
    with psycopg.connect(SUPERUSER_URI.rsplit("/", 1)[0] + "/" + uri.rsplit("/", 1)[1]) as superuser:
        # What VACUUM leaves there when it finds no row alive and cannot cut the files, as somebody reads them.
        superuser.execute(
            """
            UPDATE pg_class SET relpages = pg_relation_size(oid) / 8192, reltuples = 0
            WHERE oid = 'timesheet.time_entries'::regclass
              OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'timesheet.time_entries'::regclass)"""
        )
    with psycopg.connect(uri) as db:
        db.execute(ENTRIES, (40001, 40020))
        scans = dict(
            db.execute(
                "SELECT c.relname, pg_stat_get_xact_numscans(c.oid) FROM pg_index AS i JOIN pg_class AS c "
                "ON c.oid = i.indexrelid WHERE i.indrelid = 'timesheet.time_entries'::regclass"
            ).fetchall()
        )
        assert {index for index, scanned in scans.items() if scanned} == {"time_entries_session_order"}
        assert scans["time_entries_session_order"] == 60  # before, between and after, for each of twenty
