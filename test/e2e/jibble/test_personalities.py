"""Whatever the real Jibble turns out to do: a first reading under each position of each of the fake's switches gives
the truth's hours, and under those that only the audit meets, the audit agrees. Two positions cannot, and what is right
under them is in personalities.py: `EndBreak` as a type (R1), and a removed person of whom no list and no id tells
anything."""

import psycopg
import pytest

from conftest import Daemon
from personalities import (
    AUDITING,
    READING,
    SWITCHES,
    WINDOW,
    Organisation,
    assert_audited,
    assert_hours,  # noqa: F401
    carry_activities_on,
    case,
    named,
    set_night_cutoffs,
)

ON_EVERY_SERVER = {"activity_after_break": "none"}  # what the engines make of it differs most from what was sent


def test_the_matrix_has_every_switch_and_position(case):
    organisation, _ = case
    assert organisation.fake.admin("GET", "personality/switches") == SWITCHES


@pytest.mark.parametrize(
    "switches",
    [pytest.param(it, marks=pytest.mark.every_native_server if it == ON_EVERY_SERVER else ()) for it in READING],
    ids=named,
)
def test_a_first_reading_gives_the_truths_hours(case, switches):
    organisation, daemon = case
    organisation.move(switches)
    daemon.must("backfill", *WINDOW)
    set_night_cutoffs(daemon, organisation)
    unknown = organisation.removed if switches == {"removed_people": "gone"} else None
    assert_hours(daemon, organisation.expected(switches, unknown_person=unknown))
    if "activity_after_break" in switches:
        carry_activities_on(daemon)
        assert_hours(daemon, organisation.expected(switches, carried_on=True))


@pytest.fixture(scope="module")
def read_once(migrated_database, tmp_path_factory):
    """An organisation that was read by default: what only the audit asks for changes no reading."""
    organisation = Organisation(tmp_path_factory.mktemp("read_once"))
    daemon = Daemon(migrated_database(), organisation.fake)
    daemon.must("backfill", *WINDOW)
    set_night_cutoffs(daemon, organisation)
    yield organisation, daemon
    organisation.fake.stop()


@pytest.mark.parametrize("switches", AUDITING, ids=named)
def test_the_audit_agrees_however_jibble_adds_up(read_once, switches):
    organisation, daemon = read_once
    organisation.move({name: positions[0] for name, positions in SWITCHES.items()} | switches)
    assert_audited(daemon, switches)


@pytest.mark.parametrize(
    "resource, table, member, switch",
    [
        ("People", "agents", "fullName", "removed_people"),
        ("Groups", "client_groups", "name", "archived_groups"),
        ("Activities", "activities", "name", "archived_activities"),
    ],
)
@pytest.mark.parametrize("position", ["listed", "by_id"])
def test_what_only_its_id_shows_keeps_its_name(case, resource, table, member, switch, position):
    organisation, daemon = case
    organisation.move({switch: position})
    daemon.must("backfill", *WINDOW)
    id = {
        "People": organisation.removed,
        "Groups": organisation.archived_group,
        "Activities": organisation.archived_activity,
    }[resource]
    wanted = organisation.fake.admin("GET", f"objects/{resource}/{id}")
    column = "full_name" if table == "agents" else "name"
    with psycopg.connect(daemon.environment["DATABASE_URL"]) as db:
        assert db.execute(f"SELECT {column} FROM timesheet.{table} WHERE jibble_id = %s", (id,)).fetchall() == [
            (wanted[member],)
        ]


def test_carried_on_gives_the_truth_where_nothing_is_said(case):
    """The work after a break that the truth knows, and Jibble does not say, is the work before it."""
    organisation, daemon = case
    organisation.move({"activity_after_break": "none"})
    daemon.must("backfill", *WINDOW)
    set_night_cutoffs(daemon, organisation)
    carry_activities_on(daemon)
    # Some chose no activity after a break though they could have: R8 cannot know them from the others.
    assert_hours(daemon, organisation.expected({}, carried_on=True))
