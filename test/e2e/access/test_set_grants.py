"""set_grants() and grant_roles(): each object's rights are said once, and whatever else was given is taken."""

import psycopg
import pytest

from rights import owner, uri  # noqa: F401 (fixtures)
from rights import INGEST, OPERATOR, PORTAL, READER, UNSUBSCRIBE, given


pytestmark = pytest.mark.every_server


def test_a_function_that_is_left_open_is_closed(owner):
    owner.execute("BEGIN")
    owner.execute("CREATE FUNCTION timesheet.later() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    assert "later()" in given(owner, "timesheet_reader")[0]  # else this test says nothing
    assert owner.execute("SELECT timesheet.revoke_public_execute(), timesheet.revoke_public_execute()").fetchone() == (
        1,
        0,
    )
    assert given(owner, "timesheet_reader") == (READER, set())
    owner.execute("ROLLBACK")


def test_a_function_says_its_rights_in_one_statement_which_takes_every_other(owner):
    """By any spelling of its signature; of a role that is not there nothing is given,
    but it is kept for when it comes."""
    owner.execute("BEGIN")
    owner.execute(
        "CREATE FUNCTION timesheet.later(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE "
        "ON FUNCTION timesheet.later(int) TO timesheet_client, pg_monitor"
    )
    may = (
        "SELECT array_agg(r ORDER BY r) FROM unnest('{public,pg_monitor,timesheet_client,timesheet_ingest,"
        "timesheet_operator,timesheet_reader}'::text[]) AS r "
        "WHERE has_function_privilege(r, 'timesheet.later(int)', 'EXECUTE')"
    )
    owner.execute(
        "CALL timesheet.set_grants('FUNCTION timesheet.later(int4)', 'EXECUTE TO timesheet_reader, "
        "timesheet_unborn', 'EXECUTE TO timesheet_ingest')"
    )
    assert owner.execute(may).fetchone() == (
        ["pg_monitor", "timesheet_ingest", "timesheet_operator", "timesheet_reader"],
    )
    owner.execute("CALL timesheet.set_grants('FUNCTION timesheet.later(integer)', 'EXECUTE TO timesheet_unborn')")
    assert owner.execute(may).fetchone() == (["pg_monitor"],)
    assert owner.execute(
        "SELECT object, privilege, role FROM timesheet.role_grants WHERE object LIKE '%later%'"
    ).fetchall() == [("FUNCTION timesheet.later(integer)", "EXECUTE", "timesheet_unborn")]
    owner.execute("DROP FUNCTION timesheet.later(int)")
    assert owner.execute("SELECT timesheet.grant_roles()").fetchone() == (6,)  # and forgets what is gone
    assert owner.execute("SELECT count(*) FROM timesheet.role_grants WHERE object LIKE '%later%'").fetchone() == (0,)
    owner.execute("ROLLBACK")


@pytest.mark.parametrize(
    "arguments, said",
    [
        ("'VIEW timesheet.notes', 'SELECT TO timesheet_reader'", '"VIEW timesheet.notes" names no kind of object'),
        (
            "'TABLE timesheet.notes', 'SELECT FOR timesheet_reader'",
            '"SELECT FOR timesheet_reader" is no right on TABLE timesheet.notes',
        ),
        ("'TABLE timesheet.none'", 'relation "timesheet.none" does not exist'),
    ],
)
def test_rights_that_are_not_written_as_grant_does_are_refused(owner, arguments, said):
    with pytest.raises(psycopg.Error, match=said):
        owner.execute(f"CALL timesheet.set_grants({arguments})")


def test_a_role_that_is_missing_is_named_and_the_others_get_their_rights(owner):
    owner.execute("BEGIN")
    told = []
    owner.add_notice_handler(lambda notice: told.append((notice.message_primary, notice.message_hint)))
    owner.execute("CALL timesheet.set_grants('TABLE timesheet.client_access', 'SELECT TO timesheet_unborn')")
    assert owner.execute("SELECT timesheet.grant_roles()").fetchone() == (6,)
    assert told == [
        (
            'role "timesheet_unborn" does not exist',
            "CREATE ROLE timesheet_unborn, as a role that may create roles; then call this again.",
        )
    ]
    owner.execute("ROLLBACK")


@pytest.mark.parametrize(
    "role, may",
    [
        ("reader", READER),
        ("ingest", INGEST),
        ("operator", OPERATOR),
        ("unsubscribe", UNSUBSCRIBE),
        ("portal", PORTAL),
    ],
)
def test_a_grant_closes_first_what_a_restore_left_open(owner, role, may):
    """pg_restore takes a function from PUBLIC together with giving it to a role;
    on a server without the role both fail."""
    owner.execute("BEGIN")
    owner.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA timesheet TO PUBLIC")
    assert (
        "next_delivery()" in given(owner, f"timesheet_{role}")[0]
        and "resolve_delivery()" in given(owner, f"timesheet_{role}")[0]
    )  # else this test says nothing
    owner.execute("SELECT timesheet.grant_roles()")
    assert given(owner, f"timesheet_{role}") == (may, set())
    owner.execute("ROLLBACK")


@pytest.mark.parametrize("role", ["reader", "ingest", "operator", "client", "unsubscribe", "portal"])
def test_granting_again_changes_nothing(owner, role):
    before = given(owner, f"timesheet_{role}")
    assert owner.execute("SELECT timesheet.grant_roles()").fetchone() == (6,)
    assert given(owner, f"timesheet_{role}") == before
