"""Which role is which client: access is one role's, not its name's, and is set as a whole."""

import threading

import psycopg
import pytest

from conftest import SUPERUSER_URI
from stage import Stage
from logins import login  # noqa: F401 (a fixture)

pytestmark = pytest.mark.every_server


@pytest.fixture(scope="module")
def stage(migrated_database, login):  # noqa: F811
    uri = migrated_database()
    it = Stage(uri)
    for n in (1, 2, 3):
        it.client_group(n)
    it.login = login
    yield it
    it.close()


@pytest.fixture
def client(stage):
    """A login that sees Client 1."""
    name, uri = stage.login(stage.uri, "timesheet_client")
    give(stage.db, name, "{Client 1}")
    yield name, uri


def give(db, role, names):
    return db.execute(
        "SELECT timesheet.set_client_access(%s, ARRAY(SELECT client_group_id FROM timesheet.client_groups "
        "WHERE name = ANY (%s)))",
        (role, names),
    ).fetchone()[0]


def seen(uri):
    with psycopg.connect(uri) as db:
        return sorted(name for name, in db.execute("SELECT name FROM timesheet_client.client_groups"))


def as_superuser(*statements):
    with psycopg.connect(SUPERUSER_URI, autocommit=True) as db:
        for statement in statements:
            db.execute(statement)


def test_who_gets_a_dropped_roles_name_sees_nothing_of_its_clients(stage, client):
    name, uri = client
    password = uri.split(":")[2].split("@")[0]
    assert seen(uri) == ["Client 1"]
    as_superuser(f"DROP ROLE {name}", f"CREATE ROLE {name} LOGIN PASSWORD '{password}' IN ROLE timesheet_client")
    assert seen(uri) == []
    # What it is given is all that it sees, also where the former one had it.
    assert give(stage.db, name, "{Client 2}") == 1 and seen(uri) == ["Client 2"]
    assert give(stage.db, name, "{Client 1,Client 2}") == 2 and seen(uri) == ["Client 1", "Client 2"]


def test_who_gets_a_renamed_roles_name_sees_nothing_of_its_clients(stage, client):
    name, uri = client
    password = uri.split(":")[2].split("@")[0]
    as_superuser(
        f"ALTER ROLE {name} RENAME TO {name}_then",
        f"ALTER ROLE {name}_then PASSWORD '{password}'",
        f"CREATE ROLE {name} LOGIN PASSWORD '{password}' IN ROLE timesheet_client",
    )
    stage.login.made.append(f"{name}_then")
    assert seen(uri) == []
    assert seen(uri.replace(name, f"{name}_then")) == []
    assert give(stage.db, f"{name}_then", "{Client 3}") == 1
    assert (seen(uri), seen(uri.replace(name, f"{name}_then"))) == ([], ["Client 3"])


def test_on_another_server_where_roles_have_other_numbers_the_name_counts(stage, client):
    """As after a dump and a restore."""
    name, uri = client
    stage.db.execute(
        "UPDATE timesheet.client_access SET system_identifier = system_identifier + 1, role_oid = 1 "
        "WHERE role_name = %s",
        (name,),
    )
    assert seen(uri) == ["Client 1"]
    give(stage.db, name, "{Client 1}")
    assert stage.db.execute(
        "SELECT role_oid = role_name::regrole, system_identifier = (SELECT system_identifier "
        "FROM pg_control_system()) FROM timesheet.client_access"
        " WHERE role_name = %s",
        (name,),
    ).fetchone() == (True, True)


@pytest.mark.parametrize("groups", ["{NULL}", "{1,NULL}"])
def test_a_null_among_the_client_groups_is_refused_and_takes_or_gives_nothing(stage, client, groups):
    """An id that a lookup did not find: before, what should have been taken back stayed, without a word."""
    name, uri = client
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="client_groups holds a null") as caught:
        stage.db.execute("SELECT timesheet.set_client_access(%s, %s)", (name, groups))
    assert caught.value.diag.message_hint
    assert seen(uri) == ["Client 1"]


def test_no_array_takes_all_back(stage, client):
    name, uri = client
    assert stage.db.execute("SELECT timesheet.set_client_access(%s, NULL)", (name,)).fetchone() == (0,)
    assert seen(uri) == []


def test_of_two_calls_at_once_the_later_one_counts(stage, client):
    """Not what both gave together."""
    name, uri = client
    with psycopg.connect(stage.uri) as first, psycopg.connect(stage.uri, autocommit=True) as second:
        give(first, name, "{Client 2}")
        later = threading.Thread(target=give, args=(second, name, "{Client 3}"))
        later.start()
        later.join(0.3)
        assert later.is_alive()
        first.commit()
        later.join(10)
    assert seen(uri) == ["Client 3"]
