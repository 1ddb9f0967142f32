"""The pages of test/corpus: a malformed one is asked for again and never half stored,
an odd one is kept and read as far as it can be."""

import pathlib

import psycopg
import pytest

from conftest import Daemon, FakeJibble

CORPUS = pathlib.Path(__file__).parents[2] / "corpus"
# A window of which the fake has nothing: the page comes once; the next one does not begin with its last row, so all is
# read again, and is empty.
WINDOW = ("--since", "2020-01-01", "--until", "2020-01-02")
# Of each odd page: raw versions kept, live entries they give, not understood.
ODD = {
    "nothing": (0, 0, 0),
    "members_in_another_order": (1, 1, 0),
    "not_objects": (6, 1, 5),
    "no_id": (2, 1, 1),
    "id_is_no_guid": (4, 1, 3),
    "empty_object": (2, 1, 1),
    "the_same_twice": (1, 1, 0),
    "two_states_of_one": (2, 1, 0),
    "a_member_twice": (1, 1, 0),
    "impossible_time": (2, 1, 1),
    "time_is_a_number": (2, 1, 1),
    "time_in_words": (2, 1, 1),
    "no_person": (2, 1, 1),
    "person_is_an_object": (2, 1, 1),
    "unknown_type": (2, 2, 0),
    "type_is_null": (2, 2, 0),
    "unknown_members": (1, 1, 0),
    "huge_numbers": (1, 1, 0),
    "nul_in_a_note": (1, 1, 0),
    "half_an_emoji": (1, 1, 0),
    "markup_in_a_note": (1, 1, 0),
    "deeply_nested": (2, 1, 1),
    "long_note": (1, 1, 0),
}


@pytest.fixture(scope="module")
def fake(tmp_path_factory):
    it = FakeJibble(tmp_path_factory.mktemp("truth") / "truth.json", "--weeks", "1")
    yield it
    it.stop()


@pytest.fixture(scope="module")
def uri(migrated_database):
    uri = migrated_database()
    return uri


@pytest.fixture
def daemon(uri, fake):
    fake.admin("DELETE", "faults")
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute(
            "TRUNCATE timesheet.raw_events, timesheet.ingest_problems, timesheet.time_entries, "
            "timesheet.ingest_runs CASCADE"
        )
    return Daemon(uri, fake)


@pytest.fixture
def db(uri):
    with psycopg.connect(uri, autocommit=True) as connection:
        yield connection


def kept(db):
    return db.execute(
        """
        SELECT (SELECT count(*) FROM timesheet.raw_events WHERE resource = 'TimeEntries'),
          (SELECT count(*) FROM timesheet.time_entries WHERE deleted_at IS NULL),
          (SELECT rejected FROM timesheet.ingest_runs WHERE command = 'sync' ORDER BY ingest_run_id DESC LIMIT 1)"""
    ).fetchone()


@pytest.mark.parametrize("page", sorted((CORPUS / "malformed").iterdir()), ids=lambda page: page.stem)
def test_a_malformed_page_is_asked_for_again(daemon, db, fake, page):
    fake.admin(
        "POST",
        "faults",
        {"path_contains": "TimeEntries", "times": 1, "action": "body", "body": page.read_text(encoding="utf-8")},
    )
    done = daemon.must("sync", *WINDOW)
    assert "malformed answer" in done.stderr
    assert kept(db) == (0, 0, 0)


def test_one_that_stays_malformed_fails_the_run_and_stores_nothing_of_it(daemon, db, fake):
    body = (CORPUS / "malformed" / "cut_between_objects.json").read_text()
    fake.admin("POST", "faults", {"path_contains": "TimeEntries", "times": 99, "action": "body", "body": body})
    done = daemon("sync", *WINDOW)
    assert done.returncode == 1 and "malformed answer" in done.stderr.splitlines()[-1]
    assert kept(db)[:2] == (0, 0)
    assert db.execute(
        "SELECT status, error LIKE '%malformed%' FROM timesheet.ingest_runs ORDER BY ingest_run_id DESC LIMIT 1"
    ).fetchone() == ("failed", True)


@pytest.mark.parametrize("page", sorted((CORPUS / "odd").iterdir()), ids=lambda page: page.stem)
def test_an_odd_page_is_kept_and_stops_nothing(daemon, db, fake, page):
    fake.admin(
        "POST",
        "faults",
        {"path_contains": "TimeEntries", "times": 1, "action": "body", "body": page.read_text(encoding="utf-8")},
    )
    done = daemon.must("sync", *WINDOW)
    assert "malformed" not in done.stderr
    assert kept(db) == ODD[page.stem]
    if ODD[page.stem][2]:
        assert "was rejected" in done.stderr


def test_every_odd_page_has_its_figures():
    assert {page.stem for page in (CORPUS / "odd").iterdir()} == set(ODD)
