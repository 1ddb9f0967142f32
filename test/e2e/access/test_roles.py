"""Who may do what: every table, view and function is given to the roles named here, and to no other."""

import pathlib
import re

import pytest

from locks import LOCKS
from logins import APIS, login  # noqa: F401 (a fixture)
from rights import owner, uri  # noqa: F401 (fixtures)
from rights import CLIENT, INGEST, OBJECTS, OPERATOR, OWNER_ALONE, PORTAL, READER, UNSUBSCRIBE, given


pytestmark = pytest.mark.every_server

ROOT = pathlib.Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("timesheet_reader", READER),
        ("timesheet_ingest", INGEST),
        ("timesheet_operator", OPERATOR),
        ("timesheet_client", CLIENT),
        ("timesheet_unsubscribe", UNSUBSCRIBE),
        ("timesheet_portal", PORTAL),
    ],
)
def test_a_role_has_what_was_decided_and_nothing_else(owner, role, may):
    assert given(owner, role) == (may, set())


def test_the_rights_on_every_object_are_decided(owner):
    there = {name for name, in owner.execute(f"SELECT o.known FROM ({OBJECTS}) AS o WHERE o.kind <> 'S'")}
    decided = {
        name.split(".")[0] if not name.startswith("timesheet_client.") else name
        for name in READER | INGEST | OPERATOR | CLIENT | UNSUBSCRIBE | PORTAL
    } | OWNER_ALONE
    assert there - decided == set(), "give it to a role, or to nobody, above"
    assert decided - there == set(), "it is gone"


@pytest.mark.parametrize("role", APIS + ("a role without any membership",))
def test_no_other_role_has_anything(uri, owner, login, role):  # noqa: F811
    if role not in APIS:
        role, _ = login(uri)
    assert given(owner, role) == (set(), set())
    assert (
        owner.execute(
            "SELECT has_schema_privilege(%s, n.oid, p) FROM pg_namespace AS n "
            "CROSS JOIN unnest(ARRAY['USAGE', 'CREATE']) AS p"
            " WHERE n.nspname ~ '^timesheet'",
            (role,),
        ).fetchall()
        == [(False,)] * 4
    )


def test_a_role_may_make_nothing_in_our_schemas_and_a_client_does_not_even_reach_the_one_below(owner):
    rights = owner.execute(
        """
        SELECT r.name, n.nspname, p
        FROM unnest(ARRAY['timesheet_reader', 'timesheet_ingest', 'timesheet_operator', 'timesheet_client',
          'timesheet_unsubscribe', 'timesheet_portal']) AS r (name)
        CROSS JOIN pg_namespace AS n CROSS JOIN unnest(ARRAY['USAGE', 'CREATE']) AS p
        WHERE n.nspname ~ '^timesheet' AND has_schema_privilege(r.name, n.oid, p)"""
    ).fetchall()
    assert set(rights) == {
        ("timesheet_reader", "timesheet", "USAGE"),
        ("timesheet_ingest", "timesheet", "USAGE"),
        ("timesheet_operator", "timesheet", "USAGE"),
        ("timesheet_unsubscribe", "timesheet", "USAGE"),
        ("timesheet_portal", "timesheet", "USAGE"),
        ("timesheet_client", "timesheet_client", "USAGE"),
    }


def test_what_runs_with_its_owners_rights_has_a_fixed_search_path_and_is_what_roles_may_call(owner):
    """pg_temp last: else a table of the caller's would stand before the catalog's."""
    powerful = owner.execute(
        f"""SELECT o.known, array_to_string(p.proconfig, '|'), p.proacl::text
                                 FROM ({OBJECTS}) AS o JOIN pg_proc AS p ON p.oid = o.oid
                                 WHERE o.kind = 'function' AND p.prosecdef"""
    ).fetchall()
    pure = {
        "week_start()",
        "dates_between()",
        "round_cells()",
        "round_hours()",
        "length_text()",
        "is_unconfirmed()",
        "unconfirmed_text()",
        "is_time_zone()",
        "time_zone_label()",
        "distinct_names()",
        "alert_texts()",
        "alert_end_text()",
        # Procedures that commit can have no setting; each step is such a function.
        "replay_in_steps()",
        "refresh_in_steps()",
    }
    assert {name for name, *_ in powerful} == {
        name for name in READER | INGEST | OPERATOR | CLIENT | UNSUBSCRIBE | PORTAL if name.endswith("()")
    } - pure | {
        "record_jobs()",
        "recorded_jobs()",
    }  # for whom the owner lets schedule jobs, who has no right on the table
    for name, settings, rights in powerful:
        assert "search_path=pg_catalog, pg_temp" in settings.split("|"), name
        assert rights is not None and not any(right.startswith(("{=", "=")) for right in rights.split(",")), name


def test_no_table_is_under_row_level_security(owner):
    """The engine would lose the events that end sessions (decision 8); what a role may see is decided on the result."""
    assert (
        owner.execute(
            f"SELECT o.known FROM ({OBJECTS}) AS o JOIN pg_class AS c ON c.oid = o.oid WHERE o.kind = 'r' "
            "AND (c.relrowsecurity OR c.relforcerowsecurity)"
        ).fetchall()
        == []
    )


def test_each_lock_is_one_things_alone():
    """Two functions on one lock would wait for each other, for no reason that either knows of. No lock is anybody's."""
    places = {}
    for path in [*(ROOT / "sql").rglob("*.sql"), *(ROOT / "daemon/src").rglob("*.cpp")]:
        function = path.name
        text = path.read_text()
        assert not re.search(r"pg_(try_)?advisory_", text), path.name
        for line in text.splitlines():
            if declared := re.match(r"CREATE OR REPLACE FUNCTION timesheet\.(\w+)", line):
                function = declared.group(1)
            for lock in re.findall(r"take_lock\('(\w+)'\)|LOCK TABLE timesheet\.(\w+)", line):
                places.setdefault("".join(lock), set()).add(function)
    assert set(places) == {
        *LOCKS,
        "schema_migrations",
        "client_access",
        "scheduled_jobs",
        "working_time_overrides",
        "replays",
    }  # the last five are tables that their own writers lock
    assert places.pop("replays") == {"resume_replay", "finish_replay"}  # one after another
    assert places.pop("digest_queue_lock") == {
        "erase_agent",
        "erase_contact",
        "queue_briefings",
        "queue_digests",
        "queue_notifications",
        "queue_portal_links",
        "resend_digest",
        "send_preview",
    }  # six queue, and two change the names and addresses in what was queued
    assert places.pop("contacts_lock") == {
        "erase_contact",
        "resolve_deletions",
        "store_contacts",
    }  # each removes contacts
    assert places.pop("refresh_lock") == {"lock_refresh", "take_refresh_lock_at_once"}  # both refresh
    assert all(len(functions) == 1 for functions in places.values()), places
