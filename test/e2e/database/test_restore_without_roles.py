"""A dump of a server with our roles, restored on one without them: all but rights comes back, and the remedy in
docs/operations.md gives those."""

import re
import subprocess

import psycopg
import pytest

from conftest import Daemon
from stage import feed_one_shift
from logins import OURS, make_roles
from other_server import other_server  # noqa: F401 (a fixture)

# How it is dumped and restored; which roles the restore misses; and whether it leaves functions open to everybody:
# psql sends each statement by itself, pg_restore those of one function's rights together, so that all of them fail.
WAYS = {
    "plain": (["pg_dump", "-Fp"], ["psql", "-Xq"], set(OURS), False),
    "plain without privileges": (["pg_dump", "-Fp", "--no-privileges"], ["psql", "-Xq"], set(), True),
    "custom": (["pg_dump", "-Fc"], ["pg_restore"], set(OURS), True),
}

RIGHTS = """
    SELECT o.known, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, a.privilege_type,
      a.is_grantable FROM (
      SELECT c.relnamespace AS namespace, c.relname::text AS known,
        coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner)) AS acl
      FROM pg_class AS c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      UNION ALL
      SELECT c.relnamespace, c.relname || '.' || t.attname, t.attacl FROM pg_attribute AS t
      JOIN pg_class AS c ON c.oid = t.attrelid WHERE t.attacl IS NOT NULL
      UNION ALL
      SELECT p.pronamespace, p.oid::regprocedure::text, coalesce(p.proacl, acldefault('f', p.proowner))
      FROM pg_proc AS p
      UNION ALL
      SELECT n.oid, 'schema ' || n.nspname, coalesce(n.nspacl, acldefault('n', n.nspowner)) FROM pg_namespace AS n
    ) AS o JOIN pg_namespace AS n ON n.oid = o.namespace CROSS JOIN aclexplode(o.acl) AS a
    WHERE n.nspname IN ('timesheet', 'timesheet_client')"""


def rights(db):
    """Everybody's rights on what is ours, one by one."""
    return set(db.execute(RIGHTS).fetchall())


def open_to_all(db):
    return {known for known, role, *_ in rights(db) if role == "PUBLIC"}


def hours(db):
    return db.execute("SELECT client_group, agent, work_seconds, sessions FROM timesheet.weekly_report").fetchall()


@pytest.fixture(scope="module")
def original(new_database):
    """One shift from 09:00 to 17:30, on the server that has our roles."""
    make_roles()
    uri = new_database()
    Daemon(uri).must("migrate")
    feed_one_shift(uri)
    return uri


@pytest.fixture(params=WAYS)
def restored(original, other_server, request):  # noqa: F811
    """The copy on the server without our roles, as its owner; what the restore said; a superuser there."""
    dump, restore, *expected = WAYS[request.param]
    text = subprocess.run([*dump, original], check=True, stdout=subprocess.PIPE).stdout
    with psycopg.connect(other_server.superuser_uri, autocommit=True) as superuser:
        superuser.execute("CREATE DATABASE copy OWNER timesheet")
        try:
            uri = other_server.uri.rsplit("/", 1)[0] + "/copy"
            said = subprocess.run(
                [*restore, "-d", uri], input=text, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            ).stderr.decode()
            with psycopg.connect(uri, autocommit=True) as db:
                yield db, said, superuser, *expected
        finally:
            superuser.execute("DROP DATABASE copy WITH (FORCE)")
            for role in OURS:
                superuser.execute(f"DROP ROLE IF EXISTS {role}")


def test_nothing_is_missing_but_rights_and_the_remedy_gives_those_and_no_other(original, restored):
    """The errors are those of missing roles alone. With the roles made and granted, each has what it had,
    and everybody nothing."""
    db, said, superuser, missing, left_open = restored
    with psycopg.connect(original, autocommit=True) as before:
        assert set(re.findall(r"ERROR: +(.*)", said)) == {f'role "{role}" does not exist' for role in missing}, said
        assert hours(db) == hours(before) == [("Client 1", "Agent 1", 30600, 1)]
        assert (open_to_all(db) != set()) == left_open
        for role, attribute in OURS.items():
            superuser.execute(f"CREATE ROLE {role} {attribute}")
        assert db.execute("SELECT timesheet.grant_roles()").fetchone() == (len(OURS),)
        assert rights(db) == rights(before)
        assert open_to_all(db) == set()


def test_what_was_left_open_can_be_closed_without_any_role(restored):
    """And before that nobody reached it: the schemas are not open."""
    db, _, _, _, left_open = restored
    assert not any(known.startswith("schema ") for known in open_to_all(db))
    assert (db.execute("SELECT timesheet.revoke_public_execute()").fetchone()[0] > 0) == left_open
    assert open_to_all(db) == set()


def test_it_goes_on_without_any_role(restored):
    """Nothing is left to migrate, an entry that changes is counted anew by the next refresh."""
    db, *_ = restored
    db.execute(
        "UPDATE timesheet.time_entries SET start_time_utc = start_time_utc + interval '1 hour' WHERE raw_type = 'Out'"
    )
    db.execute("SELECT timesheet.refresh()")
    assert hours(db) == [("Client 1", "Agent 1", 34200, 1)]
