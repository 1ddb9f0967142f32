"""timesheetd probe where Jibble refuses, is slow or is not there: what it could not ask is left open."""

import json
import re
import socket
import time

import pytest

from peer_server import Status
from probe_account import account, jibble  # noqa: F401 (fixtures)
from probe_account import AUDIT_ONLY, Between, IDS, MAX_REQUESTS, expected, findings, holds, probe


def test_no_more_than_60_requests_for_any_answer(jibble):
    """Every first attempt fails: with retries more than 60 would be needed."""
    with Between(jibble, lambda number, request: Status(500) if number % 2 == 0 else None) as between:
        done = probe(between, "--format", "json")
        assert len(between.requests) == MAX_REQUESTS
    found = findings(done)
    assert found["order_by_id"]["holds"] is True and found["end_break_type"]["holds"] is True  # hours come first
    unasked = [name for name in IDS if found[name]["holds"] is None]
    assert unasked and set(unasked) <= {"archived_listed", *AUDIT_ONLY}
    assert any("the 60 requests are exhausted" in found[name]["seen"] for name in unasked), [
        found[n]["seen"] for n in unasked
    ]
    assert done.returncode == 0


def test_no_connection_is_repeated_without_being_counted(jibble):
    """libcurl by itself asks again where a connection that was kept is closed."""
    jibble.admin("POST", "faults", {"path_contains": "/v1/", "skip": 2, "times": 1000, "action": "close"})
    done = probe(jibble, "--format", "json", LOG_LEVEL="trace")
    said = int(re.search(r"asked Jibble (\d+) times", done.stderr).group(1))
    assert len(jibble.admin("GET", "requests")) == said <= MAX_REQUESTS
    assert done.returncode == 1 and "People could not be asked for" in done.stderr  # two answers came, both of entries
    assert findings(done)["summary_midnight"]["holds"] is None


@pytest.mark.parametrize(
    "fault",
    [
        {"action": "close"},
        {"action": "status", "status": 503},
        {"action": "malform"},
        {"action": "truncate"},
        {"action": "status", "status": 403},
        {"action": "status", "status": 500},
        {"action": "cut"},
    ],
)
def test_nothing_but_trouble_is_a_failure(jibble, fault):
    jibble.admin("POST", "faults", {"path_contains": "/v1/", "times": 1000, **fault})
    done = probe(jibble, "--format", "json")
    assert done.returncode == 1 and set(holds(done).values()) == {None}
    assert len(jibble.admin("GET", "requests")) <= MAX_REQUESTS
    assert probe(jibble).stdout.splitlines()[-1].startswith("Verdict: Jibble could not be asked")


def test_a_wrong_secret_is_named_and_asked_with_once(jibble):
    done = probe(jibble, "--format", "json", JIBBLE_CLIENT_SECRET="wrong-secret")
    assert done.returncode == 1 and "JIBBLE_CLIENT_SECRET" in done.stderr and "wrong-secret" not in done.stderr
    assert set(holds(done).values()) == {None}
    assert len(jibble.admin("GET", "requests")) == 1


def closed_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.mark.parametrize(
    "host, undetermined, unread",
    [
        ("time_attendance", set(AUDIT_ONLY), []),
        ("workspace", {"archived_listed", "select_slash_keys"}, ["People", "Groups", "Activities"]),
        (
            "time_tracking",
            {"page_cap", "archived_listed", "id_without_date", "activity_after_break", "end_break_type", *AUDIT_ONLY},
            ["TimeEntries", "HourEntries"],
        ),
    ],
)
def test_a_host_that_is_down_leaves_its_questions_open(jibble, host, undetermined, unread):
    """The audit alone needs time-attendance; without either of the others there are no hours."""
    down = {f"JIBBLE_{host.upper()}_URL": f"http://127.0.0.1:{closed_port()}"}
    done = probe(jibble, "--format", "json", **down)
    found = findings(done)
    assert {name for name in IDS if found[name]["holds"] is None} == undetermined
    assert all("no answer came" in found[name]["seen"] for name in undetermined)
    assert done.returncode == (1 if unread else 0)
    verdict = probe(jibble, **down).stdout.splitlines()[-1]
    if not unread:
        assert verdict == "Verdict: your hours will be exact."
    for name in unread:
        assert "there would be no hours" in done.stderr and re.search(
            rf"NO hours.*{name} could not be asked for", verdict
        )


@pytest.mark.parametrize("resource", ["TimeEntries", "HourEntries", "workspace/v1/People", "Groups", "Activities"])
@pytest.mark.parametrize("status", [402, 403, 404])
def test_a_list_that_hours_are_made_of_and_is_refused_is_a_failure(jibble, resource, status):
    jibble.admin("POST", "faults", {"path_contains": resource, "times": 1000, "action": "status", "status": status})
    done = probe(jibble)
    name = resource.rsplit("/", 1)[-1]
    assert done.returncode == 1 and f"{name} was refused with {status}" in done.stderr.splitlines()[-1]
    assert re.search(
        rf"^Verdict: there would be NO hours.*{name} was refused with {status}", done.stdout.splitlines()[-1]
    )
    assert len(jibble.admin("GET", "requests")) <= MAX_REQUESTS


@pytest.mark.parametrize("status", [400, 403, 500])
def test_an_organisation_that_is_refused_leaves_people_without_a_zone(jibble, status):
    """Each sync goes on without it, so hours are not exact for people without a zone of their own."""
    jibble.admin(
        "POST", "faults", {"path_contains": "Organizations", "times": 1000, "action": "status", "status": status}
    )
    done = probe(jibble)
    assert done.returncode == 1 and f"Organizations was refused with {status}" in done.stderr.splitlines()[-1]
    assert re.search(
        r"^Verdict: your hours would NOT be exact for people without a time zone.*Organizations was refused with "
        rf"{status}",
        done.stdout.splitlines()[-1],
    )


@pytest.mark.parametrize("comes", [True, False])
def test_what_is_refused_is_asked_for_again_however_many_requests_were_needed(jibble, comes):
    """Each list takes six requests, and hour entries come in the plainest form alone, or in none.

    The requests end long before hour entries would be asked for the first time, whatever the account holds.
    """

    def meet(number, request):
        if request.path.endswith("/HourEntries"):
            return None if comes and request.query["$select"] == ["id"] else Status(400, "{}")
        if number % 6 == 1 or "/v1/" not in request.path:
            return None
        return Status(200, "half a page") if number % 6 == 4 else Status(503)

    with Between(jibble, meet) as between:
        done = probe(between)
        assert len(between.requests) == MAX_REQUESTS and "the 60 requests are exhausted" in " ".join(
            done.stdout.split()
        )
        hours = [r.query["$select"] == ["id"] for r in between.requests if r.path.endswith("/HourEntries")]
    assert hours == [True]  # the form that was kept for it, alone
    assert ("NO hours" in done.stdout) == (not comes) and done.returncode == (0 if comes else 1), done.stderr
    if comes:
        assert re.search("Activities was not asked for.*could not be determined", done.stdout.splitlines()[-1])


@pytest.mark.parametrize("resource", ["Groups", "TimeEntries"])
def test_a_list_that_came_in_one_form_can_be_read(jibble, resource):
    """The first question for it is refused, the plainest one is not."""
    jibble.admin("POST", "faults", {"path_contains": resource, "times": 1, "action": "status", "status": 400})
    done = probe(jibble)
    assert done.returncode == 0 and "NO hours" not in done.stdout


def show_zones(request, answer, workspace, tracked):
    """The zones of people as they would be, whatever the organisation has."""
    if "/People" not in request.path or answer.code != 200:
        return answer
    page = json.loads(answer.body)
    for row in page["value"]:
        for key, value in (
            ("ICultureSettings/TimeZone", workspace),
            ("ICalculationSettings/TimeSheetTimeZone", workspace),
            ("timeZone", tracked),
            ("timeSheetTimeZone", tracked),
        ):
            if key in row:
                row[key] = value
    return Status(200, json.dumps(page), {"Content-Type": "application/json"})


@pytest.mark.parametrize(
    "workspace, tracked, holds, exit",
    [
        ("Asia/Manila", None, True, 0),
        (None, "Asia/Manila", None, 0),
        (" ", "", None, 0),
        (None, None, None, 0),
        (7, ["x"], None, 0),
    ],
)
def test_a_zone_that_is_null_is_not_shown(jibble, workspace, tracked, holds, exit):
    class Showing(Between):
        def answer(self, request):
            return show_zones(request, super().answer(request), workspace, tracked)

    with Showing(jibble, lambda number, request: None) as between:
        done = probe(between, "--format", "json")
        text = probe(between)
    found = findings(done)["select_slash_keys"]
    assert found["holds"] is holds and done.returncode == exit
    assert ("time-tracking People shows time zones" in found["seen"]) == (tracked == "Asia/Manila")
    if holds is None:
        assert "no person has a zone there" in found["seen"]
    undetermined = "select_slash_keys could not be determined" in text.stdout.splitlines()[-1]
    assert undetermined == (holds is None and tracked != "Asia/Manila")


def test_zones_that_are_null_are_no_second_way(jibble):
    """The workspace refuses the keys, and time tracking has nothing but nulls."""

    class Showing(Between):
        def answer(self, request):
            if "ICultureSettings" in request.query.get("$select", [""])[0]:
                return Status(400, "{}")
            return show_zones(request, super().answer(request), None, None)

    with Showing(jibble, lambda number, request: None) as between:
        done = probe(between)
    assert (
        done.returncode == 1 and "select_slash_keys" in done.stderr and "NOT be exact" in done.stdout.splitlines()[-1]
    )


def test_all_hosts_down_is_a_failure(jibble):
    down = f"http://127.0.0.1:{closed_port()}"
    for hosts in (["identity"], ["workspace", "time_tracking", "time_attendance"]):
        done = probe(jibble, "--format", "json", **{f"JIBBLE_{host.upper()}_URL": down for host in hosts})
        assert done.returncode == 1 and "no answer came" in done.stderr
        assert set(holds(done).values()) == {None}


def test_a_refused_resource_is_data(jibble):
    for status in (400, 402, 403, 404):
        jibble.admin("DELETE", "faults")
        jibble.admin(
            "POST",
            "faults",
            {"path_contains": "TimesheetsSummary", "times": 1000, "action": "status", "status": status},
        )
        done = probe(jibble, "--format", "json")
        found = findings(done)
        assert done.returncode == 0
        assert all(
            found[name]["holds"] is None and f"was refused with {status}" in found[name]["seen"]
            for name in AUDIT_ONLY
            if name != "tracked_hour_entries"
        )


def test_it_waits_as_long_as_it_is_asked(jibble):
    jibble.admin(
        "POST",
        "faults",
        {
            "path_contains": "/v1/",
            "skip": 3,
            "times": 2,
            "action": "status",
            "status": 429,
            "headers": {"Retry-After": "1"},
        },
    )
    started = time.monotonic()
    done = probe(jibble, "--format", "json")
    assert time.monotonic() - started >= 2
    assert holds(done) == expected({})


def test_it_does_not_wait_for_an_hour(jibble):
    jibble.admin(
        "POST",
        "faults",
        {
            "path_contains": "TimesheetsSummary",
            "times": 1,
            "action": "status",
            "status": 429,
            "headers": {"Retry-After": "3600"},
        },
    )
    started = time.monotonic()
    found = findings(probe(jibble, "--format", "json"))
    assert time.monotonic() - started < 30
    assert "asks to wait 3600 s" in found["summary_envelope"]["seen"]
    assert len(jibble.requests("TimesheetsSummary")) == 1


def test_it_keeps_to_the_rate(jibble):
    started = time.monotonic()
    probe(jibble, JIBBLE_REQUESTS_PER_SECOND="20")
    assert time.monotonic() - started >= (len(jibble.admin("GET", "requests")) - 1) / 20


def test_a_token_that_expires_is_minted_again(jibble):
    jibble.admin("POST", "faults", {"path_contains": "Activities", "times": 1, "action": "status", "status": 401})
    assert holds(probe(jibble, "--format", "json")) == expected({})
    assert len(jibble.requests("connect/token")) == 2
