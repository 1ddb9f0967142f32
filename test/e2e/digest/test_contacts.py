"""timesheetd contacts: Airtable's table becomes the contacts; what is wrong in it is said,
and what cannot be read changes nothing."""

import psycopg
import pytest

from airtable_peer import Airtable
from conftest import Daemon
from stage import Stage, guid
from peer_server import Malformed, Reset, Status

TOKEN, BASE, TABLE = "pat-hush-hush", "appBase", "Client list/1"


@pytest.fixture(scope="module")
def uri(migrated_database):
    uri = migrated_database()
    stage = Stage(uri)
    for n in (1, 2, 3):
        stage.client_group(n)
    stage.close()
    return uri


@pytest.fixture
def airtable():
    with Airtable(TOKEN, BASE, TABLE, fields=["Email", "Jibble Group ID", "Groups"], requests_per_second=1000) as peer:
        yield peer


@pytest.fixture
def daemon(uri, airtable):
    it = Daemon(uri)
    it.environment |= {
        "AIRTABLE_TOKEN": TOKEN,
        "AIRTABLE_BASE_ID": BASE,
        "AIRTABLE_TABLE": TABLE,
        "AIRTABLE_API_URL": airtable.url,
    }
    return it


@pytest.fixture
def db(uri):
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("TRUNCATE timesheet.contacts, timesheet.contact_problems CASCADE")
        yield connection


def listed(db):
    return dict(
        db.execute(
            """
        SELECT c.email, array_agg(right(g.name, 1)::int ORDER BY g.name) FILTER (WHERE g.name IS NOT NULL)
        FROM timesheet.contacts AS c
        LEFT JOIN timesheet.contact_client_groups USING (contact_id)
        LEFT JOIN timesheet.client_groups AS g USING (client_group_id)
        WHERE c.removed_at IS NULL GROUP BY c.email"""
        ).fetchall()
    )


def record(n, email, groups):
    return f"rec{n:014}", {
        key: value for key, value in (("Email", email), ("Jibble Group ID", groups)) if value is not None
    }


def test_client_groups_are_named_by_a_text_with_commas_or_a_list(daemon, db, airtable):
    airtable.records = [
        record(1, "Ann@Example.com ", f"{guid('group', 1)}, {guid('group', 2).upper()},"),
        record(2, "bob@example.com", [guid("group", 2), guid("group", 3)]),
    ]
    daemon.must("contacts")
    assert listed(db) == {"ann@example.com": [1, 2], "bob@example.com": [2, 3]}


def test_the_fields_may_have_other_names_and_only_they_are_asked_for(daemon, db, airtable):
    airtable.records = [
        ("rec1", {"Email": "ann@example.com", "Groups": guid("group", 1), "Jibble Group ID": guid("group", 2)})
    ]
    daemon.must("contacts", AIRTABLE_GROUP_FIELD="Groups")
    assert listed(db) == {"ann@example.com": [1]}
    assert airtable.requests[-1].query["fields[]"] == ["Email", "Groups"]


def test_more_than_a_page_is_read_whole(daemon, db, airtable):
    airtable.records = [record(n, f"c{n}@example.com", guid("group", 1)) for n in range(234)]
    daemon.must("contacts")
    assert len(listed(db)) == 234
    assert [request.query["pageSize"] for request in airtable.requests] == [["100"]] * 3


IDS = {"Email": "fldEMAIL000000001", "Jibble Group ID": "fldGROUP000000001"}
BY_ID = {"AIRTABLE_EMAIL_FIELD": "fldEMAIL000000001", "AIRTABLE_GROUP_FIELD": "fldGROUP000000001"}


def test_fields_are_asked_for_by_id_so_that_a_column_may_be_renamed(daemon, db, airtable):
    airtable.field_ids = IDS
    airtable.records = [record(1, "ann@example.com", guid("group", 1))]
    for _ in range(2):  # into an empty list, and into one with contacts
        daemon.must("contacts", **BY_ID)
        assert listed(db) == {"ann@example.com": [1]}
        assert airtable.requests[-1].query["returnFieldsByFieldId"] == ["true"]
    airtable.field_ids = {"Groups": IDS["Jibble Group ID"], "Email": IDS["Email"]}
    airtable.records = [("rec1", {"Email": "ann@example.com", "Groups": guid("group", 2)})]
    daemon.must("contacts", **BY_ID)
    assert listed(db) == {"ann@example.com": [2]}


def test_more_than_a_page_is_read_by_id_too(daemon, db, airtable):
    airtable.field_ids = IDS
    airtable.records = [record(n, f"c{n}@example.com", guid("group", 1)) for n in range(101)]
    daemon.must("contacts", **BY_ID)
    assert listed(db) == {f"c{n}@example.com": [1] for n in range(101)}
    assert [request.query["returnFieldsByFieldId"] for request in airtable.requests] == [["true"]] * 2


def test_a_field_whose_name_only_begins_as_an_id_is_asked_for_by_name(daemon, db, airtable):
    airtable.records = [("rec1", {"Email": "ann@example.com", "Groups": guid("group", 1)})]
    daemon.must("contacts", AIRTABLE_GROUP_FIELD="Groups")
    assert "returnFieldsByFieldId" not in airtable.requests[-1].query
    done = daemon("contacts", AIRTABLE_GROUP_FIELD="fldGROUP00000001")  # one character less than an id
    assert done.returncode == 1 and "422" in done.stderr and listed(db) == {"ann@example.com": [1]}


@pytest.mark.parametrize("name", BY_ID)
def test_one_field_by_name_and_one_by_id_are_refused(daemon, db, airtable, name):
    airtable.field_ids = IDS
    done = daemon("contacts", **{name: BY_ID[name]})
    assert done.returncode == 2 and airtable.requests == []
    line = [line for line in daemon("check", **{name: BY_ID[name]}).stdout.splitlines() if "airtable" in line][0]
    assert line.startswith("failed")
    for text in (done.stderr, line):
        assert "AIRTABLE_EMAIL_FIELD" in text and "AIRTABLE_GROUP_FIELD" in text and BY_ID[name] in text


def test_the_table_may_be_given_by_its_id(daemon, db, airtable):
    airtable.field_ids = IDS
    airtable.records = [record(1, "ann@example.com", guid("group", 1))]
    daemon.must("contacts", AIRTABLE_TABLE="tblFakeTable00001", **BY_ID)
    assert listed(db) == {"ann@example.com": [1]}
    line = [line for line in daemon("check", **BY_ID).stdout.splitlines() if "airtable" in line][0]
    assert line.startswith("ok")


def test_texts_that_look_alike_are_one_contact_and_one_client_group(daemon, db, airtable):
    group = guid("group", 1)
    airtable.records = [
        record(1, "\u2060ann@example.com\r\n", f"\ufeff{{{group.upper()}}}"),
        record(2, ["Ann@Exam\u200bple.com", None, "ANN@EXAMPLE.COM\u3000"], [group, group, f"urn:uuid:{group}"]),
        record(3, "ben\uff20example.com", group),
    ]
    done = daemon.must("contacts")
    assert listed(db) == {"ann@example.com": [1]}
    assert (
        'because of the character "\uff20" (U+FF20)' in done.stderr
        and "is in record rec00000000000001 too" in done.stderr
    )


WRONG = [  # records, part of the problem, contacts
    ([record(1, "ann", guid("group", 1))], "this is not an e-mail address", {}),
    ([record(1, "ann@example.com\nBcc: all@example.com", guid("group", 1))], "this is not an e-mail address", {}),
    ([record(1, "Ann <ann@example.com>", guid("group", 1))], "this is not an e-mail address", {}),
    ([record(1, None, guid("group", 1))], 'there is no address in the field "Email"', {}),
    ([record(1, ["a@example.com", "b@example.com"], guid("group", 1))], "there is more than one address", {}),
    ([record(1, "ann@example.com", None)], "no client group is named", {"ann@example.com": None}),
    ([record(1, "ann@example.com", "Client 1")], "this is not a Jibble group id", {"ann@example.com": None}),
    (
        [record(1, "ann@example.com", f"{guid('group', 1)} {guid('group', 99)}")],
        "Jibble has shown no client group with this id",
        {"ann@example.com": [1]},
    ),
    (
        [record(1, "ann@example.com", guid("group", 1)), record(2, "ANN@example.com", guid("group", 2))],
        "is in record rec00000000000001 too",
        {"ann@example.com": [1, 2]},
    ),
]


@pytest.mark.parametrize("records, problem, contacts", WRONG)
def test_what_is_wrong_is_reported_and_keeps_nothing_else_out(daemon, db, airtable, records, problem, contacts):
    airtable.records = records + [record(9, "good@example.com", guid("group", 3))]
    done = daemon.must("contacts")
    assert listed(db) == contacts | {"good@example.com": [3]}
    assert any(problem in text for text, in db.execute("SELECT problem FROM timesheet.contact_problems"))
    assert problem in done.stderr


def test_who_vanishes_is_a_contact_no_more_and_may_come_back(daemon, db, airtable):
    ann, bob = record(1, "ann@example.com", guid("group", 1)), record(2, "bob@example.com", guid("group", 2))
    airtable.records = [ann, bob]
    daemon.must("contacts")
    before = db.execute("SELECT contact_id FROM timesheet.contacts WHERE email = 'ann@example.com'").fetchone()
    airtable.records = [bob]
    daemon.must("contacts")
    assert listed(db) == {"bob@example.com": [2]}
    airtable.records = [ann, bob]
    daemon.must("contacts")
    assert (
        db.execute(
            "SELECT contact_id FROM timesheet.contacts WHERE email = 'ann@example.com' AND removed_at IS NULL"
        ).fetchone()
        == before
    )


@pytest.mark.parametrize("records", [[], [("rec1", {})], [record(1, "nobody", guid("group", 1))]])
def test_a_table_without_any_contact_is_not_accepted(daemon, db, airtable, records):
    airtable.records = [record(1, "ann@example.com", guid("group", 1))]
    daemon.must("contacts")
    airtable.records = records
    done = daemon.must("contacts")
    assert "no longer lists 1 of 1 contacts" in done.stderr and "AIRTABLE_TABLE" in done.stderr
    assert listed(db) == {"ann@example.com": [1]}
    assert db.execute("SELECT missing_since IS NOT NULL FROM timesheet.contacts").fetchall() == [(True,)]


@pytest.mark.parametrize(
    "change, status, remedy",
    [
        ({"AIRTABLE_TOKEN": "pat-other-secret"}, "401", "AIRTABLE_TOKEN"),
        ({"AIRTABLE_BASE_ID": "appOther"}, "403", "AIRTABLE_BASE_ID"),
        ({"AIRTABLE_TABLE": "Other"}, "403", "AIRTABLE_TABLE"),
        ({"AIRTABLE_EMAIL_FIELD": "Mail"}, "422", "AIRTABLE_EMAIL_FIELD"),
    ],
)
def test_a_refusal_names_the_remedy_and_changes_nothing(daemon, db, airtable, change, status, remedy):
    airtable.records = [record(1, "ann@example.com", guid("group", 1))]
    daemon.must("contacts")
    done = daemon("contacts", **change)
    assert done.returncode == 1 and status in done.stderr and remedy in done.stderr
    assert listed(db) == {"ann@example.com": [1]}
    assert TOKEN not in done.stderr and "pat-other-secret" not in done.stderr


def test_the_plans_limit_is_not_asked_twice(daemon, db, airtable):
    airtable.next(Airtable.BILLING_LIMIT)
    done = daemon("contacts")
    assert done.returncode == 1 and "BILLING_LIMIT" in done.stderr
    assert len(airtable.requests) == 1


@pytest.mark.parametrize("fault", [Status(503), Status(500, "<html>"), Reset(), Malformed()])
def test_a_fault_is_tried_again(daemon, db, airtable, fault):
    airtable.records = [record(1, "ann@example.com", guid("group", 1))]
    airtable.next(fault)
    daemon.must("contacts")
    assert listed(db) == {"ann@example.com": [1]} and len(airtable.requests) == 2


def test_a_rate_limit_is_given_half_a_minute(daemon, db, airtable):
    airtable.records = [record(1, "ann@example.com", guid("group", 1))]
    airtable.next(Airtable.RATE_LIMITED)
    done = daemon.must("contacts")
    assert "30.0 s" in done.stderr and listed(db) == {"ann@example.com": [1]}


def test_a_lost_place_begins_the_table_again(daemon, db, airtable):
    airtable.records = [record(n, f"c{n}@example.com", guid("group", 1)) for n in range(150)]
    airtable.next(None, Airtable.ITERATOR_GONE)
    daemon.must("contacts")
    assert len(listed(db)) == 150 and len(airtable.requests) == 4


def test_check_says_whether_the_table_may_be_read(daemon, db, airtable):
    line = [line for line in daemon("check").stdout.splitlines() if "airtable" in line][0]
    assert line.startswith("ok")
    line = [line for line in daemon("check", AIRTABLE_BASE_ID="appOther").stdout.splitlines() if "airtable" in line][0]
    assert line.startswith("failed") and "AIRTABLE_BASE_ID" in line
