"""timesheetd audit against answers written by hand: breaks, time off, what cannot be read, who is refused,
and how it asks."""

import datetime

import psycopg
import pytest

from conftest import Daemon
from stage import Stage, guid, last_monday
from peer_server import Malformed, Status
from timesheets_peer import Timesheets, refusal

MONDAY = last_monday()
DAYS = [str(MONDAY + datetime.timedelta(days=n)) for n in range(7)]
WEEK = ("--since", DAYS[0], "--until", DAYS[6])
PEOPLE = 25


def day(n, tracked, **more):
    return {
        "date": DAYS[n],
        "firstIn": None,
        "lastOut": None,
        "tracked": tracked,
        "paidBreak": "PT0S",
        "unpaidBreak": "PT0S",
        "payrollHours": tracked,
        **more,
    }


@pytest.fixture(scope="module")
def uri(migrated_database):
    """25 agents; each worked from 09:00 to 17:30 on Monday."""
    uri = migrated_database()
    stage = Stage(uri)
    stage.client_group(1)
    stage.feed(
        "People",
        *(
            {
                "id": guid("agent", n),
                "fullName": f"Agent {n:02}",
                "status": "Joined",
                "groupId": guid("group", 1),
                "ICultureSettings/TimeZone": "UTC",
            }
            for n in range(1, PEOPLE + 1)
        ),
    )
    stage.feed(
        "TimeEntries",
        *(
            stage.event(2 * n + out, n, 0, "17:30" if out else "09:00", "Out" if out else "In")
            for n in range(1, PEOPLE + 1)
            for out in (0, 1)
        ),
    )
    stage.close()
    return uri


@pytest.fixture
def db(uri):
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute("TRUNCATE timesheet.audits, timesheet.audit_findings")
        yield db


@pytest.fixture
def peer():
    with Timesheets() as it:
        it.daily = {guid("agent", n): [day(0, "PT8H30M")] for n in range(1, PEOPLE + 1)}
        yield it


@pytest.fixture
def daemon(uri, db, peer):
    it = Daemon(uri)
    it.environment |= peer.environment()
    return it


def findings(db):
    return {
        (name, str(on), kind, ours, theirs)
        for name, on, kind, ours, theirs in db.execute(
            "SELECT a.full_name, f.day, f.kind, f.our_seconds, f.jibble_seconds FROM timesheet.audit_findings AS f "
            "JOIN timesheet.agents AS a USING (agent_id)"
        )
    }


def detail(db, name):
    return db.execute(
        "SELECT f.detail FROM timesheet.audit_findings AS f JOIN timesheet.agents AS a USING (agent_id) "
        "WHERE a.full_name = %s ORDER BY f.day",
        (name,),
    ).fetchone()[0]


def health(db):
    return db.execute(
        "SELECT last_audit_at > now() - interval '1 minute', audited_since::text, audited_until::text, "
        "audit_days_differing, audit_days_not_compared FROM timesheet.feed_health"
    ).fetchone()


def test_where_all_agrees_that_is_said_and_kept(daemon, db, peer):
    assert daemon.must("audit", *WEEK).stdout == f"0 of {7 * PEOPLE} agents' days differ by more than a minute\n"
    assert findings(db) == set()
    assert health(db) == (True, DAYS[0], DAYS[6], 0, 0)
    assert [len(people) for people in peer.asked] == [20, 5] and len(
        {p for people in peer.asked for p in people}
    ) == PEOPLE


def test_breaks_are_taken_off_and_payroll_hours_and_time_off_explain(daemon, db, peer):
    peer.daily[guid("agent", 1)] = [day(0, "PT9H15M", paidBreak="PT15M", unpaidBreak="PT30M", payrollHours="PT8H45M")]
    peer.daily[guid("agent", 2)] = [
        day(0, "PT8H30M", payrollHours="PT16H"),
        day(1, "PT0S", payrollHours="PT8H", paidTimeOff="PT8H"),
    ]
    peer.daily[guid("agent", 3)] = [day(0, "PT8H30M", unpaidBreak="PT1H", payrollHours="PT9H30M", paidTimeOff="PT2H")]
    shown = daemon.must("audit", *WEEK).stdout.splitlines()
    assert findings(db) == {("Agent 03", DAYS[0], "differs", 30600, 27000)}
    assert shown[0].split() == ["Day", "Agent", "Ours", "Jibble", "Difference", "Kind", "Explanation"]
    assert shown[1].split(maxsplit=7) == [
        DAYS[0],
        "Agent",
        "03",
        "8:30",
        "7:30",
        "1:00",
        "differs",
        "Jibble: tracked 8:30:00, unpaid break 1:00:00, payroll hours 9:30:00, paid time off 2:00:00",
    ]
    assert shown[2:] == [
        "    09:00–17:30 (no activity), clock out",
        f"1 of {7 * PEOPLE} agents' days differ by more than a minute",
    ]
    assert health(db) == (True, DAYS[0], DAYS[6], 1, 0)


@pytest.mark.parametrize("bare", [False, True])
def test_an_envelope_or_a_bare_array(daemon, db, peer, bare):
    peer.bare = bare
    peer.daily[guid("agent", 4)] = [day(0, "P1DT6H0M0.5S")]
    daemon.must("audit", *WEEK)
    assert findings(db) == {("Agent 04", DAYS[0], "differs", 30600, 108000)}


def test_what_cannot_be_read_is_never_nothing(daemon, db, peer):
    peer.daily[guid("agent", 1)] = [day(0, "eight hours")]
    peer.daily[guid("agent", 2)] = [{"date": DAYS[0], "trackedHours": {"total": "PT8H30M"}}]
    peer.daily[guid("agent", 3)] = [day(0, "PT9H", unpaidBreak=30)]
    del peer.daily[guid("agent", 4)]
    done = daemon.must("audit", *WEEK)
    assert findings(db) == {(f"Agent 0{n}", DAYS[0], "unreadable", 30600, None) for n in range(1, 5)}
    assert (
        detail(db, "Agent 01").startswith('Jibble\'s figure cannot be read: tracked "eight hours"')
        and detail(db, "Agent 04") == "Jibble's answer does not name this person"
    )
    # Of the one who was not named the days without work of ours are no finding, and no comparison.
    assert (
        done.stdout.splitlines()[-1]
        == f"0 of {7 * (PEOPLE - 1) - 3} agents' days differ by more than a minute, 4 unreadable"
    )
    assert all("0:00" not in line for line in done.stdout.splitlines() if "unreadable" in line)
    assert health(db) == (True, DAYS[0], DAYS[6], 0, 4)


@pytest.mark.parametrize("code", [400, 403, 404])
def test_a_refused_person_is_named_and_the_rest_is_compared(daemon, db, peer, code):
    peer.refused[guid("agent", 7)] = refusal(code, "not yours")
    peer.daily[guid("agent", 8)] = [day(0, "PT1H")]
    done = daemon.must("audit", *WEEK)
    assert findings(db) == {("Agent 07", on, "refused", 30600 if on == DAYS[0] else 0, None) for on in DAYS} | {
        ("Agent 08", DAYS[0], "differs", 30600, 3600)
    }
    assert str(code) in detail(db, "Agent 07") and "not yours" in detail(db, "Agent 07")
    assert any("Agent 07" in line and "refused" in line for line in done.stdout.splitlines())
    assert (
        done.stdout.splitlines()[-1] == f"1 of {7 * (PEOPLE - 1)} agents' days differ by more than a minute, 7 refused"
    )
    # The twenty it was among, each of them, and the other five together.
    assert [len(people) for people in peer.asked] == [20] + [1] * 20 + [5]


def test_where_only_one_at_a_time_is_taken_that_is_remembered(daemon, db, peer):
    peer.is_single = True
    peer.daily[guid("agent", 8)] = [day(0, "PT1H")]
    done = daemon.must("audit", *WEEK)
    assert findings(db) == {("Agent 08", DAYS[0], "differs", 30600, 3600)}
    assert [len(people) for people in peer.asked] == [20] + [1] * PEOPLE
    assert done.stderr.count("one by one") == 1


def test_an_answer_that_was_cut_is_asked_for_until_it_is_whole(daemon, db, peer):
    peer.most = 8
    peer.daily[guid("agent", 25)] = [day(0, "PT1H")]
    daemon.must("audit", *WEEK)
    assert findings(db) == {("Agent 25", DAYS[0], "differs", 30600, 3600)}
    assert [len(people) for people in peer.asked] == [20, 5, 12, 4]


def test_it_goes_slower_once_it_is_asked_to(daemon, db, peer):
    peer.next(Status(429, None, {"Retry-After": "3"}))
    daemon.must("audit", *WEEK)
    refused, again, other = peer.times
    assert again - refused >= 3 and other - again >= 1.9
    assert findings(db) == set()


def test_without_a_429_it_does_not_wait(daemon, db, peer):
    daemon.must("audit", *WEEK)
    assert peer.times[1] - peer.times[0] < 1.5


def test_an_answer_cut_in_the_middle_is_asked_for_again(daemon, db, peer):
    peer.next(Malformed())
    daemon.must("audit", *WEEK)
    assert findings(db) == set() and [len(people) for people in peer.asked] == [20, 20, 5]


def test_answers_that_are_no_json_keep_no_other_person_from_being_compared(daemon, db, peer):
    """Where we have nothing, such an answer is no less unreadable: nobody knows what Jibble has."""
    peer.next(*[Status(200, "<html>")] * 3, None, *[Status(200, "<html>")] * 3)  # of twenty, and of the second of them
    done = daemon.must("audit", *WEEK)
    assert (
        "TimesheetsSummary: malformed answer with status 200: " in done.stderr and "run timesheetd probe" in done.stderr
    )
    assert findings(db) == {
        (f"Agent {n:02}", on, "unreadable", 30600 if on == DAYS[0] else 0, None) for n in (2,) for on in DAYS
    }
    assert detail(db, "Agent 02").startswith(
        "Jibble answered 200 for TimesheetsSummary, and the answer cannot be read: it is malformed: "
    )
    assert [len(people) for people in peer.asked] == [1] * 19 + [5]
    assert health(db) == (True, DAYS[0], DAYS[6], 0, 7)
    daemon.must("audit", *WEEK)
    assert findings(db) == set(), "an answer that came later was not taken for a malformed one"


def test_answers_that_were_malformed_and_come_right_are_no_finding(daemon, db, peer):
    """The requests for one each of the twenty are good: it may be the number that is not."""
    peer.next(*[Status(200, "[")] * 3)
    daemon.must("audit", *WEEK)
    assert findings(db) == set() and [len(people) for people in peer.asked] == [1] * PEOPLE


@pytest.mark.parametrize(
    "nameless", [{"person": "x", "daily": []}, {"personId": None}, {"personId": "7"}, None, "x"], ids=repr
)
def test_an_object_that_names_no_person_may_belong_to_any(daemon, db, peer, nameless):
    """Agent 03 has no object, and may be the nameless one; the others have theirs."""
    del peer.daily[guid("agent", 3)]
    peer.nameless = [nameless]
    daemon.must("audit", *WEEK)
    assert findings(db) == {("Agent 03", on, "unreadable", 30600 if on == DAYS[0] else 0, None) for on in DAYS}
    assert "1 objects in it have no personId" in detail(db, "Agent 03")


@pytest.fixture
def audited_before(daemon, db):
    """What the table of audits had; a failure adds nothing to it."""
    daemon.must("audit", *WEEK)
    before = db.execute("SELECT * FROM timesheet.audits").fetchall()
    yield
    assert db.execute("SELECT * FROM timesheet.audits").fetchall() == before, "no audit was made"


def fails(daemon, *words, since=DAYS[0], until=DAYS[6]):
    """Such a failure names the resource, the status that Jibble answered and the command that finds out more."""
    done = daemon("audit", "--since", since, "--until", until)
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1 and all(
        word in last for word in ("TimesheetsSummary", "timesheetd probe", *words)
    ), last
    assert done.stdout == ""


def test_where_everybody_is_refused_that_is_a_failure(daemon, db, peer, audited_before):
    peer.refused = {guid("agent", n): refusal(403, "not yours") for n in range(1, PEOPLE + 1)}
    fails(daemon, "no person could be compared", "Jibble answered 403 (code_403: not yours)", "credentials")
    assert len(findings(db)) == 7 * PEOPLE and {kind for _, _, kind, _, _ in findings(db)} == {"refused"}


def test_where_no_figure_can_be_read_that_is_a_failure(daemon, peer, audited_before):
    peer.daily = {guid("agent", n): [day(0, None)] for n in range(1, PEOPLE + 1)}
    fails(
        daemon,
        "no person could be compared",
        "Jibble answered 200",
        "none of its figures for 25 people can be read",
        until=DAYS[0],
    )


@pytest.mark.parametrize("since, until", [WEEK[1::2], ("2020-01-01", "2020-01-07")], ids=["with hours", "without any"])
def test_where_no_answer_makes_sense_that_is_a_failure(daemon, db, peer, audited_before, since, until):
    peer.next(*[Status(200, {"error": {"code": "x"}})] * 15)  # three people in a row are enough
    fails(daemon, "no person could be compared", "Jibble answered 200", "cannot be read", since=since, until=until)
    assert {kind for _, _, kind, _, _ in findings(db)} == {"unreadable"} and len(findings(db)) == 7 * PEOPLE
    db.execute("TRUNCATE timesheet.audit_findings")


@pytest.mark.parametrize("bare", [False, True])
def test_an_answer_that_names_no_person_compares_nothing_where_we_have_nothing_either(
    daemon, db, peer, audited_before, bare
):
    """The years before the account: it may be empty, or answer another question than was asked."""
    peer.daily, peer.bare = {}, bare
    fails(
        daemon,
        "nothing was compared",
        "Jibble answered 200",
        "names none of 25 people",
        since="2020-01-01",
        until="2020-01-07",
    )
    assert findings(db) == set()


@pytest.mark.parametrize("nothing", [[], [{"date": "2020-01-03", "tracked": "PT0S"}]], ids=["no day", "a zero"])
def test_who_is_answered_with_nothing_and_has_nothing_agrees(daemon, db, peer, nothing):
    peer.daily = {person: nothing for person in peer.daily}
    done = daemon.must("audit", "--since", "2020-01-01", "--until", "2020-01-07")
    assert done.stdout == f"0 of {7 * PEOPLE} agents' days differ by more than a minute\n" and findings(db) == set()
    assert health(db) == (True, "2020-01-01", "2020-01-07", 0, 0)


@pytest.mark.parametrize(("code", "words"), [(401, "credentials"), (402, "plan"), (302, "redirect")])
def test_other_refusals_end_it(daemon, db, peer, code, words):
    peer.next(*[refusal(code)] * 3)
    done = daemon("audit", *WEEK)
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1 and all(
        word in last for word in (f"Jibble answered {code}", words, "TimesheetsSummary", "timesheetd probe")
    ), last
    assert len(peer.times) <= 2 and findings(db) == set() and health(db)[0] is None


def test_a_500_that_stays_is_a_refusal_unless_everybody_gets_it(daemon, db, peer):
    peer.refused[guid("agent", 7)] = refusal(500)
    daemon.must("audit", *WEEK)
    assert findings(db) == {("Agent 07", on, "refused", 30600 if on == DAYS[0] else 0, None) for on in DAYS}
    assert "Jibble answered 500" in detail(db, "Agent 07")
    peer.refused = {guid("agent", n): refusal(500) for n in (1, 2)}
    daemon.must("audit", *WEEK)
    assert {name for name, *_ in findings(db)} == {"Agent 01", "Agent 02"}
    peer.refused = {guid("agent", n): refusal(503) for n in range(1, PEOPLE + 1)}
    peer.asked.clear()
    done = daemon("audit", *WEEK)
    assert (
        done.returncode == 1
        and "TimesheetsSummary: Jibble answered 503" in done.stderr.splitlines()[-1]
        and "timesheetd probe" in done.stderr.splitlines()[-1]
    )
    assert len(peer.asked) == (1 + 3) * 5  # twenty at once, then three by themselves


def test_without_any_agent_no_person_can_be_compared(migrated_database, peer):
    uri = migrated_database()
    it = Daemon(uri)
    it.environment |= peer.environment()
    done = it("audit", *WEEK)
    assert done.returncode == 1 and "no agent is known; run timesheetd sync first" in done.stderr


def test_a_new_audit_replaces_the_findings_of_its_days_and_people(daemon, db, peer):
    peer.daily[guid("agent", 1)] = [day(0, "PT1H"), day(1, "PT2H")]
    daemon.must("audit", *WEEK)
    assert findings(db) == {("Agent 01", DAYS[0], "differs", 30600, 3600), ("Agent 01", DAYS[1], "differs", 0, 7200)}
    peer.daily[guid("agent", 1)] = [day(0, "PT8H30M"), day(1, "PT0S")]
    daemon.must("audit", "--since", DAYS[0], "--until", DAYS[0])
    assert findings(db) == {("Agent 01", DAYS[1], "differs", 0, 7200)}
    assert health(db) == (True, DAYS[0], DAYS[0], 0, 0)
    daemon.must("audit", *WEEK)
    assert findings(db) == set() and health(db) == (True, DAYS[0], DAYS[6], 0, 0)


def test_the_week_of_a_removed_person_that_we_missed_is_found(migrated_database, peer):
    """Agent 2 left; we have none of the hours, Jibble has. Agent 3 left, too, and has none."""
    uri = migrated_database()
    it = Daemon(uri)
    it.environment |= peer.environment()
    stage = Stage(uri)
    stage.feed(
        "People",
        *(
            {"id": guid("agent", n), "fullName": f"Agent {n:02}", "status": "Joined" if n == 1 else "Removed"}
            for n in (3, 2, 1)
        ),
    )
    peer.daily = {guid("agent", 1): [], guid("agent", 2): [day(2, "PT7H")]}
    it.must("audit", *WEEK)
    assert findings(stage.db) == {("Agent 02", DAYS[2], "differs", 0, 25200)}
    assert sorted(peer.asked[0]) == sorted(guid("agent", n) for n in (1, 2, 3)) and peer.asked[0][0] == guid(
        "agent", 1
    ), "those who left come last"
    stage.close()


def alerts(db):
    return db.execute("SELECT kind, subject, resolved_at IS NULL FROM timesheet.alerts ORDER BY alert_id").fetchall()


def test_a_week_that_differs_raises_an_alert_until_it_agrees(daemon, db, peer):
    db.execute("TRUNCATE timesheet.alerts CASCADE")
    daemon.must("audit", *WEEK)
    assert alerts(db) == []
    peer.daily[guid("agent", 1)] = [day(0, "PT1H")]
    daemon.must("audit", *WEEK)
    daemon.must("audit", *WEEK)
    assert alerts(db) == [("audit_differs", f"week {DAYS[0]}", True)]
    assert (
        "on 1 day of 1 agent; timesheet.audit_findings lists them; once that is corrected, run timesheetd audit "
        f"--since {DAYS[0]} --until {DAYS[6]}" in db.execute("SELECT detail FROM timesheet.alerts").fetchone()[0]
    )

    # An audit that compares nobody, or not this person, has not seen it agree.
    peer.refused = {person: refusal(403) for person in peer.daily}
    assert daemon("audit", *WEEK).returncode == 1
    peer.refused = {guid("agent", 1): refusal(403)}
    daemon.must("audit", *WEEK)
    daemon.must("audit", "--since", "2020-01-01", "--until", "2020-01-07")
    assert alerts(db) == [("audit_differs", f"week {DAYS[0]}", True)]

    peer.refused, peer.daily[guid("agent", 1)] = {}, [day(0, "PT8H30M")]
    daemon.must("audit", *WEEK)
    assert alerts(db) == [("audit_differs", f"week {DAYS[0]}", False)]
