"""CALL timesheet.replay_in_steps() ends where SELECT timesheet.replay() ends, whatever the two halves said before."""

import datetime

import psycopg
import pytest

from agency import (  # noqa: F401 (fixtures)
    agency_template,
    agents_with_entries,
    copies,
    damage_every_day,
    replays_left,
    slow_down,
    until_some_are_done,
)
from background import InTheBackground
from conftest import create_database, drop_databases, uri_of
from logins import login  # noqa: F401 (a fixture)
from normalised_tables import STORED, contents, keys_given, unlike
from odd_history import add_oddities, connect, damage

BOUNDS = [(None, None), ("2026-08-01", "2026-10-01"), (None, "2026-08-15"), ("2026-11-01", None)]
CALL = "CALL timesheet.replay_in_steps(%s, %s)"


@pytest.fixture(scope="module")
def odd_template(agency_template):  # noqa: F811
    """(name of the database with all oddities, its agents with entries)."""
    name = create_database(agency_template)
    with connect(uri_of(name)) as db:
        agents = agents_with_entries(db)
        add_oddities(db, agents)
        db.execute("SELECT timesheet.refresh()")
    yield name, agents
    drop_databases([name])


@pytest.fixture(scope="module")
def damaged_template(odd_template):
    template, agents = odd_template
    name = create_database(template)
    with connect(uri_of(name)) as db:
        damage(db, agents)
        db.execute("SELECT timesheet.refresh()")
    yield name
    drop_databases([name])


@pytest.fixture
def db(copies):  # noqa: F811
    """A copy of the agency that nothing happened to."""
    with connect(uri_of(copies())) as it:
        yield it


@pytest.mark.parametrize("bounds", BOUNDS, ids=str)
def test_it_ends_where_replay_ends(copies, damaged_template, odd_template, bounds):  # noqa: F811
    at_once, in_steps = (uri_of(copies(damaged_template)) for _ in range(2))
    with connect(at_once) as one, connect(in_steps) as other:
        given = keys_given(other)
        one.execute("SELECT timesheet.replay(%s, %s)", bounds)
        other.execute(CALL, bounds)
        for said in (wanted := contents(one), found := contents(other)):
            del said["stale_days"]  # each marks what it changed, in transactions of its own
        assert unlike(found, wanted) == {}
        assert replays_left(other) == (0, 0)
        # Ours stay, and what is new is new to both.
        assert {key: keys_given(other)[key] for key in given} == given
        assert keys_given(other).keys() == keys_given(one).keys()
        for each in (one, other):
            each.execute("SELECT timesheet.refresh()")
        assert unlike(contents(other, *STORED), contents(one, *STORED)) == {}


def test_what_was_right_stays_as_it_is(copies, odd_template):  # noqa: F811
    with connect(uri_of(copies(odd_template[0]))) as db:
        before, given = contents(db), keys_given(db)
        assert before["ingest_problems"] and before["working_time_overrides"] and before["erased_people"]
        db.execute(CALL, (None, None))
        assert unlike(contents(db), before) == {}
        assert keys_given(db) == given and replays_left(db) == (0, 0)


def test_a_database_without_anything_is_replayed(migrated_database):
    with connect(migrated_database()) as db:
        db.execute(CALL, (None, None))
        assert replays_left(db) == (0, 0)


def test_within_a_transaction_nothing_is_done(copies, damaged_template):  # noqa: F811
    uri = uri_of(copies(damaged_template))
    with connect(uri) as observer:
        before = contents(observer)
        with psycopg.connect(uri) as db:
            db.execute("SELECT 1")
            with pytest.raises(psycopg.errors.InvalidTransactionTermination):
                db.execute(CALL, (None, None))
            db.rollback()
        with pytest.raises(psycopg.errors.InvalidTransactionTermination):
            observer.execute("BEGIN; CALL timesheet.replay_in_steps(); COMMIT")
        observer.rollback()
        assert unlike(contents(observer), before) == {} and replays_left(observer) == (0, 0)


def test_bounds_in_the_wrong_order_are_named_and_nothing_is_done(db):
    with pytest.raises(psycopg.errors.InvalidParameterValue) as caught:
        db.execute(CALL, ("2026-06-02", "2026-06-01"))
    assert "2026-06-02" in caught.value.diag.message_primary and "2026-06-01" in caught.value.diag.message_primary
    assert caught.value.diag.message_hint
    assert replays_left(db) == (0, 0)
    with pytest.raises(psycopg.errors.InvalidDatetimeFormat, match="soon"):
        db.execute("CALL timesheet.replay_in_steps('soon')")


def test_the_daemons_role_may_call_it_and_a_reader_may_not(copies, login):  # noqa: F811
    uri = uri_of(copies())
    with connect(login(uri, "timesheet_reader")[1]) as reader:
        for call in ("replay_in_steps()", "refresh_in_steps()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(f"CALL timesheet.{call}")
    with connect(login(uri, "timesheet_ingest")[1]) as ingest:
        ingest.execute("CALL timesheet.replay_in_steps('2026-11-23')")
        ingest.execute("CALL timesheet.refresh_in_steps()")
    with connect(uri) as db:
        assert replays_left(db) == (0, 0)


def test_a_repeatable_read_session_is_refused_or_right(copies, damaged_template):  # noqa: F811
    """What it would see is of the past: as for every writer, see test_isolation.py."""
    with connect(uri_of(copies(damaged_template))) as db:
        db.execute("SET default_transaction_isolation = 'repeatable read'")
        with pytest.raises(psycopg.errors.InvalidTransactionState) as caught:
            db.execute(CALL, (None, None))
        assert "READ COMMITTED" in caught.value.diag.message_hint


def test_two_at_once_share_the_work(copies):  # noqa: F811
    wanted, name = copies(), copies()
    with connect(uri_of(wanted)) as right, connect(uri_of(name)) as observer:
        damage_every_day(observer)
        slow_down(observer)
        both = [connect(uri_of(name)) for _ in range(2)]
        threads = [InTheBackground(db.execute, CALL, (None, None)) for db in both]
        until_some_are_done(observer)
        for thread in threads:
            thread.join()
        for db in both:
            db.close()
        assert replays_left(observer) == (0, 0)
        for db in (right, observer):
            db.execute("SELECT timesheet.refresh()")
        assert unlike(contents(observer), contents(right)) == {}


@pytest.mark.parametrize("second", [(None, "2026-10-01"), ("2026-08-01", None)], ids=str)
def test_other_bounds_begin_again_and_say_so(copies, second):  # noqa: F811
    wanted, name = copies(), copies()
    with connect(uri_of(wanted)) as right, connect(uri_of(name)) as db, connect(uri_of(name)) as cut:
        for one in (right, db):
            damage_every_day(one)
        slow_down(db)
        cut_off = InTheBackground(cut.execute, CALL, (None, None))
        until_some_are_done(db)
        cut.cancel()
        with pytest.raises(psycopg.errors.QueryCanceled):
            cut_off.join()
        assert replays_left(db)[0] == 1 and replays_left(db)[1] > 0
        heard = []
        db.add_notice_handler(lambda notice: heard.append(notice.message_primary))
        db.execute(CALL, second)
        assert heard and any("replay" in text for text in heard), heard
        assert replays_left(db) == (0, 0)
        db.execute(CALL, (None, None))
        right.execute("SELECT timesheet.replay()")
        for one in (right, db):
            one.execute("SELECT timesheet.refresh()")
        assert unlike(contents(db), contents(right)) == {}


def test_the_same_bounds_go_on_with_what_is_left(copies):  # noqa: F811
    bounds = (datetime.date(2026, 7, 15), None)
    name = copies()
    with connect(uri_of(name)) as db, connect(uri_of(name)) as cut:
        damage_every_day(db)
        slow_down(db)
        cut_off = InTheBackground(cut.execute, CALL, bounds)
        until_some_are_done(db)
        cut.cancel()
        with pytest.raises(psycopg.errors.QueryCanceled):
            cut_off.join()
        (begun,) = db.execute("SELECT begun_at FROM timesheet.replays").fetchone()
        left = replays_left(db)[1]
        cut_off = InTheBackground(cut.execute, CALL, bounds)
        until_some_are_done(db, of=left)
        assert db.execute("SELECT begun_at FROM timesheet.replays").fetchone() in [(begun,), None]
        cut_off.join()
        assert replays_left(db) == (0, 0)


def test_changed_functions_begin_it_again(copies):  # noqa: F811
    """What is done may be of the former ones: an upgrade, whose migrate records the text of each function."""
    name = copies()
    with connect(uri_of(name)) as db, connect(uri_of(name)) as cut:
        damage_every_day(db)
        slow_down(db)
        cut_off = InTheBackground(cut.execute, CALL, (None, None))
        until_some_are_done(db)
        cut.cancel()
        with pytest.raises(psycopg.errors.QueryCanceled):
            cut_off.join()
        (begun,) = db.execute("SELECT begun_at FROM timesheet.replays").fetchone()
        db.execute("UPDATE timesheet.applied_functions SET sha256 = md5('another release')")
        heard = []
        db.add_notice_handler(lambda notice: heard.append(notice.message_primary))
        again = InTheBackground(db.execute, CALL, (None, None))
        with connect(uri_of(name)) as observer:
            until_some_are_done(observer)
            found = observer.execute("SELECT begun_at FROM timesheet.replays").fetchone()
            assert found is None or found[0] > begun
        again.join()
        assert heard
