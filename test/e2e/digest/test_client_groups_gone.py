"""A client group that Jibble has archived, or no longer has: its last hours are reported, never 0.00 h of a client that
has ended, and the record in Airtable is named with the client group that took its place."""

import psycopg
import pytest

from airtable_peer import Airtable
from conftest import Daemon
from stage import daemon, guid, sent, stage  # noqa: F401 (fixtures)

TOKEN = "pat-hush-hush"
GONE = ["archived", "deleted"]


def end(stage, n, how):
    """The client group is archived in Jibble, or found there no longer."""
    if how == "archived":
        stage.feed("Groups", {"id": guid("group", n), "name": f"Client {n}", "status": "Archived"})
        return
    (run,) = stage.db.execute("SELECT timesheet.begin_run('test')").fetchone()
    stage.db.execute("SELECT timesheet.store_tombstones(%s, 'Groups', %s::uuid[])", (run, [guid("group", n)]))
    stage.db.execute("SELECT timesheet.finish_run(%s)", (run,))


def queue(stage):
    return stage.db.execute("SELECT queued, not_made FROM timesheet.queue_digests()").fetchone()


def last(stage):
    """(subject, the client groups and their hours) of the last digest."""
    (content,) = stage.db.execute(
        "SELECT content FROM timesheet.digest_deliveries ORDER BY delivery_id DESC LIMIT 1"
    ).fetchone()
    return content["subject"].split(" in the week")[0], [(g["name"], g["hours"]) for g in content["client_groups"]]


@pytest.mark.parametrize("how", GONE)
def test_without_hours_no_digest_is_queued_although_the_contacts_were_read_before(stage, how):
    end(stage, 1, how)
    assert queue(stage) == (0, 0)
    assert stage.db.execute("SELECT count(*) FROM timesheet.digest_weeks").fetchone() == (0,)
    assert stage.db.execute("SELECT overdue, next_due_at FROM timesheet.digest_health").fetchone() == (0, None)
    stage.client_group(1)  # it is listed again
    assert queue(stage) == (1, 0) and last(stage) == ("Client 1: 0.00 h", [("Client 1", "0.00")])


@pytest.mark.parametrize("how", GONE)
def test_the_hours_before_its_end_are_still_reported(stage, how):
    stage.shift(1, 1, 0, "09:00", "17:00")  # Monday
    stage.shift(2, 1, 1, "09:00", "12:30")  # Tuesday
    end(stage, 1, how)
    assert queue(stage) == (1, 0) and last(stage) == ("Client 1: 11.50 h", [("Client 1", "11.50")])
    assert queue(stage) == (0, 0)


def test_hours_that_were_typed_in_are_hours_too(stage):
    end(stage, 1, "archived")
    stage.feed(
        "HourEntries",
        {
            "id": guid("typed", 1),
            "personId": guid("agent", 1),
            "date": str(stage.week),
            "duration": "PT2H",
            "status": "Active",
        },
    )
    assert queue(stage) == (1, 0) and last(stage) == ("Client 1: 2.00 h", [("Client 1", "2.00")])


@pytest.mark.parametrize("seconds, queued", [(17, 0), (18, 1)])  # 0.0047 and 0.005 h
def test_what_is_shown_as_nothing_is_no_hours(stage, seconds, queued):
    begin, out = stage.event(1, 1, 0, "09:00", "In"), stage.event(2, 1, 0, "09:00", "Out")
    stage.feed("TimeEntries", begin, out | {"time": f"{stage.week}T09:00:{seconds}Z"})
    end(stage, 1, "archived")
    assert queue(stage) == (queued, 0)


def test_what_is_shown_as_nothing_beside_others_is_left_out(stage):
    """18 s are 0.005 h, but the cells are rounded together: five of 1.0083 h take what is left of 5.05 h."""
    stage.client_group(2)
    stage.agent(2, 2)
    stage.contact("ann@example.com", 1, 2)
    begin, out = stage.event(1, 1, 0, "09:00", "In"), stage.event(2, 1, 0, "09:00", "Out")
    stage.feed("TimeEntries", begin, out | {"time": f"{stage.week}T09:00:18Z"})
    for day in range(5):
        begin, out = stage.event(10 + 2 * day, 2, day, "09:00", "In"), stage.event(11 + 2 * day, 2, day, "10:00", "Out")
        stage.feed("TimeEntries", begin, out | {"time": out["time"].replace("10:00:00", "10:00:30")})
    end(stage, 1, "archived")
    assert queue(stage) == (1, 0) and last(stage) == ("Client 2: 5.05 h", [("Client 2", "5.05")])


def test_a_break_alone_is_no_hours(stage):
    stage.feed("TimeEntries", stage.event(1, 1, 0, "09:00", "StartBreak"), stage.event(2, 1, 0, "10:00", "Out"))
    end(stage, 1, "archived")
    assert queue(stage) == (0, 0)


@pytest.mark.parametrize("how", GONE)
def test_beside_an_active_client_group_it_is_left_out(stage, how):
    stage.client_group(2)
    stage.contact("ann@example.com", 1, 2)
    end(stage, 1, how)
    assert queue(stage) == (1, 0) and last(stage) == ("Client 2: 0.00 h", [("Client 2", "0.00")])


def test_of_two_contacts_only_the_one_without_an_active_client_group_gets_none(stage):
    stage.client_group(2)
    stage.contact("ann@example.com", 1, more=[("ben@example.com", 2)])
    end(stage, 1, "archived")
    assert queue(stage) == (1, 0) and stage.deliveries() == [("ben@example.com", 1, "queued")]


def test_a_client_group_that_was_created_again_is_reported_by_its_new_id(stage):
    stage.client_group(3, "Client 1")
    stage.agent(2, 3)
    stage.shift(1, 2, 0, "09:00", "17:00")
    end(stage, 1, "deleted")
    assert queue(stage) == (0, 0)
    stage.contact("ann@example.com", 1, 3)  # only one of them is shown, so it needs no number
    assert queue(stage) == (1, 0) and last(stage) == ("Client 1: 8.00 h", [("Client 1", "8.00")])


def test_in_the_week_of_the_change_both_ids_report_all_hours(stage):
    stage.shift(1, 1, 0, "09:00", "17:00")
    stage.shift(2, 1, 1, "09:00", "17:00")
    stage.client_group(3, "Client 1")
    stage.agent(2, 3)
    stage.shift(3, 2, 2, "09:00", "17:00")
    stage.contact("ann@example.com", 1, 3)
    end(stage, 1, "archived")
    assert queue(stage) == (1, 0)
    subject, groups = last(stage)
    assert "24.00 h" in subject and [hours for _, hours in groups] == ["16.00", "8.00"]
    assert len({name for name, _ in groups}) == 2


def test_a_week_that_was_reported_is_still_corrected(stage):
    stage.client_group(2)
    stage.contact("ann@example.com", 1, 2)
    stage.shift(1, 1, -7, "09:00", "17:00")
    assert sent(stage, -7)["total"]["hours"] == "8.00"
    end(stage, 1, "archived")
    stage.shift(2, 1, -6, "09:00", "10:00")
    content = sent(stage)
    assert content["subject"].startswith("Client 2: 0.00 h") and content["has_corrections"]
    assert content["total"]["previous"] == "9.00"
    assert "Client 1" in str(content["corrections"]) and "9.00" in str(content["corrections"])


def test_asked_for_by_hand_it_is_said_why_there_is_no_digest(stage, daemon):
    end(stage, 1, "archived")
    why = f"ann@example.com has no client group that is active or had hours in the week of {stage.week}"
    done = daemon("digest", "preview", "--contact", "ann@example.com", "--week", str(stage.week))
    assert done.returncode == 1 and why in done.stderr and "timesheet.contact_problems" in done.stderr
    with pytest.raises(psycopg.errors.NoDataFound, match=why):
        stage.db.execute("SELECT timesheet.resend_digest('ann@example.com', %s)", (stage.week,))


OLD, NEW = guid("care", 1), guid("care", 2)


@pytest.fixture
def read_daemon(migrated_database, jibble):
    """timesheetd before a fake Jibble with the client group OLD, and an Airtable that names it."""
    it = Daemon(migrated_database(), jibble)
    records = [("rec7", {"Email": "ann@example.com", "Jibble Group ID": OLD})]
    with Airtable(TOKEN, "appBase", "Clients", records, requests_per_second=1000) as airtable:
        it.environment |= {
            "AIRTABLE_TOKEN": TOKEN,
            "AIRTABLE_BASE_ID": "appBase",
            "AIRTABLE_API_URL": airtable.url,
        }
        jibble.admin("PUT", "objects/Groups", {"id": OLD, "name": "Acme Care", "status": "Active"})
        it.must("sync")
        assert "0 problems" in it.must("contacts").stderr
        yield it


@pytest.mark.parametrize("how", GONE)
def test_the_record_and_the_new_id_are_named_until_the_record_is_right(read_daemon, jibble, how):
    if how == "archived":
        jibble.admin("PUT", "objects/Groups", {"id": OLD, "name": "Acme Care", "status": "Archived"})
    else:
        jibble.admin("DELETE", f"objects/Groups/{OLD}")
    jibble.admin("PUT", "objects/Groups", {"id": NEW, "name": "acme \u00a0care", "status": "Active"})
    read_daemon.must("sync")
    found = {"archived": "Jibble has archived", "deleted": "Jibble no longer has"}[how]
    problem = (
        f'Airtable record rec7: "{OLD}": {found} the client group "Acme Care"; the active one of this name has the id '
        f'{NEW}: add it in the field "Jibble Group ID", and take this one out once its last week with hours was '
        "reported. The contact has no active client group, and gets no digest of weeks without hours"
    )
    done = read_daemon.must("contacts")
    assert problem in done.stderr and "1 problems" in done.stderr
    # A person must correct it, but all else works: a container that is checked so is healthy.
    assert f"warning contacts  {problem}\n" in read_daemon.must("check").stdout

    jibble.admin("PUT", "objects/Groups", {"id": OLD, "name": "Acme Care", "status": "Active"})
    read_daemon.must("sync")
    assert "0 problems" in read_daemon.must("contacts").stderr
    assert "contacts" not in read_daemon.must("check").stdout


def test_a_client_group_that_was_renamed_is_no_problem(read_daemon, jibble):
    jibble.admin("PUT", "objects/Groups", {"id": OLD, "name": "Acme Homes", "status": "Active"})
    jibble.admin("PUT", "objects/Groups", {"id": NEW, "name": "Acme Care", "status": "Active"})
    read_daemon.must("sync")
    assert "0 problems" in read_daemon.must("contacts").stderr
