"""timesheetd probe: right under every position of the fake's switches, within 60 requests, and naming nobody."""

import collections
import datetime
import json
import os
import random
import re
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from conftest import SECRET, TIMESHEETD, Daemon, FakeJibble
from peer_server import Peer, Status

IDS = [
    "order_by_id",
    "select_slash_keys",
    "count",
    "page_cap",
    "archived_listed",
    "id_without_date",
    "activity_after_break",
    "summary_midnight",
    "summary_envelope",
    "tracked_hour_entries",
    "person_ids_repeated",
    "end_break_type",
]
AFFECT_HOURS = {
    "order_by_id",
    "select_slash_keys",
    "count",
    "page_cap",
    "archived_listed",
    "id_without_date",
    "activity_after_break",
    "end_break_type",
}
AUDIT_ONLY = [name for name in IDS if name not in AFFECT_HOURS]
MAX_REQUESTS = 60
NEEDED_OF_PEOPLE = {
    "id",
    "status",
    "groupId",
    "timeZone",
    "timeSheetTimeZone",
    "ICultureSettings/TimeZone",
    "ICalculationSettings/TimeSheetTimeZone",
}
RESET = {}  # every switch in its first position
HOSTS = ("identity", "workspace", "time_tracking", "time_attendance")


def probe(jibble, *options, **environment):
    """Without DATABASE_URL, as it needs none."""
    daemon = Daemon(None, jibble)
    return daemon("probe", *options, **{"DATABASE_URL": None, **environment})


def findings(done):
    found = json.loads(done.stdout)
    assert [finding["id"] for finding in found] == IDS
    for finding in found:
        assert list(finding) == ["id", "assumed", "seen", "holds", "affects_hours", "follows"]
        assert finding["holds"] in (True, False, None) and finding["affects_hours"] == (finding["id"] in AFFECT_HOURS)
        assert finding["assumed"] and finding["seen"] and finding["follows"]
    return {finding["id"]: finding for finding in found}


def holds(done):
    return {name: finding["holds"] for name, finding in findings(done).items()}


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    """Four weeks until now, with something archived of each kind that entries or people refer to."""
    now = datetime.datetime.now(datetime.timezone.utc)
    fake = FakeJibble(
        tmp_path_factory.mktemp("truth") / "truth.json", "--weeks", "4", "--now", now.strftime("%Y-%m-%dT%H:%M:%SZ")
    )
    truth = fake.admin("GET", "truth")
    used = collections.Counter(i["activity_id"] for i in truth["intervals"] if i["activity_id"])
    for activity, _ in used.most_common(40):
        fake.admin("PATCH", f"objects/Activities/{activity}", {"status": "Archived"})
    for agent in truth["agents"][::2]:
        fake.admin("PATCH", f"objects/People/{agent['id']}", {"status": "Removed"})
        # The group of somebody who stays, too.
    for group in {agent["group_id"] for agent in truth["agents"][1::4]}:
        fake.admin("PATCH", f"objects/Groups/{group}", {"status": "Archived"})
    RESET.update({switch: positions[0] for switch, positions in fake.admin("GET", "personality/switches").items()})
    yield fake
    fake.stop()


@pytest.fixture
def jibble(account):
    account.admin("PUT", "personality", RESET)
    account.admin("DELETE", "faults")
    account.admin("DELETE", "requests")
    return account


def expected(personality):
    """What is true of the account, by hand from the meaning of each switch."""
    it = {**RESET, **personality}
    kinds = [it["removed_people"], it["archived_groups"], it["archived_activities"]]
    ends_with_in = it["break_end_type"] == "In"
    return {
        "order_by_id": it["id_order"] == "as_asked",
        "select_slash_keys": it["select_slash_keys"] == "honoured",
        "count": it["count"] == "given" and it["entries_500"] != "with_count",
        "page_cap": it["page_cap"] == "1000" and it["entries_500"] != "large_pages",
        # Nobody refers to an archived entry: whether there are any that are not listed cannot be known.
        "archived_listed": False
        if {"by_id", "gone"} & set(kinds)
        else True
        if it["archived_entries"] == "listed"
        else None,
        "id_without_date": it["entries_without_date"] == "found",
        "activity_after_break": it["activity_after_break"] == "repeated" if ends_with_in else None,
        "summary_midnight": it["summary_midnight"] == "whole",
        "summary_envelope": it["summary_envelope"] == "object",
        "tracked_hour_entries": it["tracked_hour_entries"] == "with",
        "person_ids_repeated": it["person_ids"] == "repeated",
        "end_break_type": ends_with_in,
    }


def expected_exit(personality):
    it = {**RESET, **personality}
    no_zones = it["select_slash_keys"] != "honoured" and it["people_time_zones"] != "honoured"
    return 1 if it["break_end_type"] == "EndBreak" or no_zones else 0


def check(jibble, personality):
    jibble.admin("PUT", "personality", {**RESET, **personality})
    jibble.admin("DELETE", "requests")
    done = probe(jibble, "--format", "json")
    found = findings(done)
    seen = {name: finding["seen"] for name, finding in found.items()}
    assert {name: finding["holds"] for name, finding in found.items()} == expected(personality), seen
    assert done.returncode == expected_exit(personality), done.stderr
    assert len(jibble.admin("GET", "requests")) <= MAX_REQUESTS


def test_all_holds_where_jibble_is_as_assumed(jibble):
    check(jibble, {})
    assert set(holds(probe(jibble, "--format", "json")).values()) == {True}


def test_each_position_of_each_switch(jibble):
    switches = jibble.admin("GET", "personality/switches")
    assert len(switches) == 21
    for switch, positions in switches.items():
        for position in positions[1:]:
            check(jibble, {switch: position})


@pytest.mark.parametrize("seed", range(12))
def test_random_combinations(jibble, seed):
    draw = random.Random(f"probe {seed}")
    check(
        jibble,
        {switch: draw.choice(positions) for switch, positions in jibble.admin("GET", "personality/switches").items()},
    )


def test_no_list_with_time_zones_has_no_exact_second_way(jibble):
    jibble.admin("PUT", "personality", {"select_slash_keys": "refused_400", "people_time_zones": "refused_400"})
    done = probe(jibble)
    assert done.returncode == 1 and "select_slash_keys" in done.stderr
    assert "set_working_time" in done.stdout and "NOT be exact" in done.stdout.splitlines()[-1]


def test_the_list_for_people_ends_with_a_verdict(jibble):
    done = probe(jibble)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "Verdict: your hours will be exact."
    assert re.findall(r"^(\w+): (holds|does not hold|could not be determined)", done.stdout, re.MULTILINE) == [
        (name, "holds") for name in IDS
    ]
    for finding in findings(probe(jibble, "--format", "json")).values():
        plain = " ".join(done.stdout.split())
        assert finding["follows"] in plain and finding["assumed"] in plain and finding["seen"] in plain
    jibble.admin("PUT", "personality", {"break_end_type": "EndBreak"})
    done = probe(jibble)
    assert done.returncode == 1
    assert "NOT be exact" in done.stdout.splitlines()[-1] and "end_break_type" in done.stdout.splitlines()[-1]
    assert "end_break_type" in done.stderr.splitlines()[-1]


def test_a_missing_activity_names_the_setting_and_is_no_failure(jibble):
    jibble.admin("PUT", "personality", {"activity_after_break": "none"})
    done = probe(jibble, "--format", "json")
    assert done.returncode == 0
    assert "carried_on" in findings(done)["activity_after_break"]["follows"]


@pytest.mark.parametrize(
    "arguments, environment, named",
    [
        ([], {"JIBBLE_CLIENT_ID": None}, "JIBBLE_CLIENT_ID"),
        ([], {"JIBBLE_CLIENT_SECRET": None}, "JIBBLE_CLIENT_SECRET"),
        (["--format", "xml"], {}, "xml"),
        (["--since", "2026-11-16"], {}, "--since"),
        ([], {"JIBBLE_WORKSPACE_URL": "http://workspace.example.com"}, "https://"),
    ],
)
def test_wrong_usage_or_configuration_exits_2(jibble, arguments, environment, named):
    done = probe(jibble, *arguments, **environment)
    assert done.returncode == 2 and named in done.stderr and done.stdout == ""
    assert jibble.admin("GET", "requests") == []


def test_help_names_it(jibble):
    text = subprocess.run([TIMESHEETD, "--help"], check=True, stdout=subprocess.PIPE, text=True).stdout
    assert "probe" in text and "60 requests" in " ".join(text.split())


def test_it_only_reads_and_asks_people_for_nothing_else(jibble):
    for personality in ({}, {"select_slash_keys": "refused_500", "people_time_zones": "refused_400", "page_cap": "50"}):
        jibble.admin("PUT", "personality", personality)
        probe(jibble)
    requests = jibble.admin("GET", "requests")
    posted = [r for r in requests if r["method"] != "GET"]
    assert {r["path"] for r in posted} == {"/identity/connect/token"} and {r["method"] for r in posted} == {"POST"}
    asked_people = [r for r in requests if r["path"].endswith("/People")]
    assert len(asked_people) > 4
    for request in requests:
        if request["path"].startswith(("/workspace", "/time-tracking")):
            (select,) = re.findall(r"\$select=([^&]*)", request["query"])
            if request in asked_people:
                assert set(select.split(",")) <= NEEDED_OF_PEOPLE
            assert "note" not in select and "ame" not in select.replace("timeSheetTimeZone", "")


def everything(fake):
    """Names, addresses and ids of everybody and everything of the organisation, read by a client of its own."""

    def get(host, resource, token):
        rows, url = [], f"{fake.urls[host]}/v1/{resource}?$top=1000&$skip="
        while page := json.load(
            urllib.request.urlopen(
                urllib.request.Request(url + str(len(rows)), headers={"Authorization": "Bearer " + token})
            )
        )["value"]:
            rows += page
        return rows

    form = urllib.parse.urlencode(
        {"grant_type": "client_credentials", "client_id": "demo", "client_secret": SECRET}
    ).encode()
    token = json.load(urllib.request.urlopen(fake.urls["identity"] + "/connect/token", form))["access_token"]
    found = {SECRET, token}
    for host, resource in (
        ("workspace", "Organizations"),
        ("workspace", "People"),
        ("workspace", "Groups"),
        ("workspace", "Activities"),
        ("time_tracking", "TimeEntries"),
        ("time_tracking", "HourEntries"),
    ):
        for row in get(host, resource, token):
            for key in (
                "id",
                "fullName",
                "preferredName",
                "email",
                "name",
                "organizationId",
                "personId",
                "groupId",
                "previousTimeEntryId",
            ):
                if isinstance(row.get(key), str):
                    found.add(row[key])
            if resource == "People":
                found |= {row["code"], *row["fullName"].split()}
    return found


def names_in(text, everybody):
    return [name for name in everybody if re.search(r"(?<!\w)" + re.escape(name) + r"(?!\w)", text)]


@pytest.mark.parametrize("format", ["text", "json"])
def test_nobody_is_named_at_any_level_in_any_position(jibble, format):
    everybody = everything(jibble)
    assert len(everybody) > 2000
    agent = jibble.admin("GET", "truth")["agents"][0]
    said = ""
    for personality in (
        {},
        {
            "break_end_type": "EndBreak",
            "entries_without_date": "empty",
            "removed_people": "gone",
            "archived_groups": "by_id",
        },
        {"id_order": "refused_500", "person_ids": "single", "count": "refused_400"},
    ):
        jibble.admin("PUT", "personality", {**RESET, **personality})
        # An error may name somebody, too.
        for path in ("TimesheetsSummary", "Activities", "HourEntries"):
            jibble.admin(
                "POST",
                "faults",
                {
                    "path_contains": path,
                    "times": 1,
                    "action": "status",
                    "status": 500,
                    "body": json.dumps(
                        {"error": {"code": agent["full_name"], "message": f"{agent['full_name']} ({agent['id']})"}}
                    ),
                },
            )
        done = probe(jibble, "--format", format, LOG_LEVEL="trace", LOG_FORMAT=format)
        assert " 500" in done.stderr
        said += done.stdout + done.stderr
    for wrong in ({"JIBBLE_CLIENT_SECRET": SECRET + "-wrong"}, {"JIBBLE_IDENTITY_URL": "http://127.0.0.1:1"}):
        said += probe(jibble, "--format", format, LOG_LEVEL="trace", LOG_FORMAT=format, **wrong).stderr
    assert names_in(said, everybody) == []
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|@|eyJ", said)
    assert names_in(f"… {agent['full_name']} … {agent['id']} …", everybody) != []  # the search finds what is there


class Between(Peer):
    """Stands between the daemon and the fake: `meet(number, request)` may answer in the fake's place."""

    def __init__(self, fake, meet):
        self.fake, self.meet = fake, meet
        super().__init__()
        self.urls = {host: f"{self.url}/{host.replace('_', '-')}" for host in HOSTS}

    def answer(self, request):
        if met := self.meet(len(self.requests), request):
            return met
        query = urllib.parse.urlencode([(name, value) for name, values in request.query.items() for value in values])
        onward = urllib.request.Request(
            f"http://127.0.0.1:{self.fake.urls['port']}{request.path}?{query}",
            request.body or None,
            {name: request.headers[name] for name in ("authorization", "content-type") if name in request.headers},
        )
        try:
            with urllib.request.urlopen(onward) as answer:
                return Status(200, answer.read().decode(), {"Content-Type": "application/json"})
        except urllib.error.HTTPError as refused:
            return Status(refused.code, refused.read().decode(), {"Content-Type": "application/json"})


def test_no_more_than_60_requests_whatever_comes(jibble):
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
    """Each sync goes on without it, so hours are not exact for whoever has no zone of their own."""
    jibble.admin(
        "POST", "faults", {"path_contains": "Organizations", "times": 1000, "action": "status", "status": status}
    )
    done = probe(jibble)
    assert done.returncode == 1 and f"Organizations was refused with {status}" in done.stderr.splitlines()[-1]
    assert re.search(
        r"^Verdict: your hours would NOT be exact for whoever has no time zone.*Organizations was refused with "
        rf"{status}",
        done.stdout.splitlines()[-1],
    )


@pytest.mark.parametrize("comes", [True, False])
def test_what_is_refused_is_asked_for_again_however_many_requests_were_needed(jibble, comes):
    """Two attempts of three fail, and hour entries come in the plainest form alone, or in none."""

    def meet(number, request):
        if request.path.endswith("/HourEntries"):
            return None if comes and request.query["$select"] == ["id"] else Status(400, "{}")
        return Status(503) if number % 3 else None

    with Between(jibble, meet) as between:
        done = probe(between)
        assert len(between.requests) <= MAX_REQUESTS and "the 60 requests are exhausted" in " ".join(
            done.stdout.split()
        )
        plain = [r for r in between.requests if r.path.endswith("/HourEntries") and r.query["$select"] == ["id"]]
    assert plain and ("NO hours" in done.stdout) == (not comes) and done.returncode == (0 if comes else 1), done.stderr
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
        assert "nobody has a zone there" in found["seen"]
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


class Answering(Peer):
    """A Jibble that gives every list the same body."""

    def __init__(self, body):
        self.body = body
        super().__init__()
        self.urls = {host: f"{self.url}/{host}" for host in HOSTS}

    def answer(self, request):
        if request.path.endswith("/connect/token"):
            return Status(200, {"access_token": "token-hush-hush", "expires_in": 3600})
        return Status(200, self.body(request) if callable(self.body) else self.body)


def test_an_empty_organisation():
    def empty(request):
        return {"value": [], **({"@odata.count": 0} if "$count" in request.query else {})}

    with Answering(empty) as peer:
        done = probe(peer, "--format", "json")
        text = probe(peer)
        assert len(peer.requests) <= 2 * MAX_REQUESTS
    found = findings(done)
    assert {name for name in IDS if found[name]["holds"] is not None} == {"count"}
    assert found["count"]["holds"] is True and "no time entry in 400 days" in found["page_cap"]["seen"]
    assert done.returncode == 0
    assert "end_break_type could not be determined" in text.stdout.splitlines()[-1]


ESCAPES = "\x1b]0;owned\x07\x1b[31mMarikit\u202e\n\r"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        "<html>Just a moment...</html>",
        '{"value": {}}',
        '{"value": 1, "@odata.count": 5}',
        '{"value": [',
        "[" * 100_000,
        '{"value": [1, null, "x", [], {}, {"id": 7}, {"id": null, "status": 3, "daily": 1}]}',
        json.dumps(
            {
                "@odata.count": -1,
                "value": [
                    {
                        "id": ESCAPES,
                        "personId": ESCAPES,
                        "type": ESCAPES,
                        "status": ESCAPES,
                        "daily": ESCAPES,
                        "offset": "P",
                    }
                ]
                * 30,
            }
        ),
        json.dumps(
            {
                "value": [
                    {"id": "00000000-0000-0000-0000-000000000000", "personId": "00000000-0000-0000-0000-000000000000"}
                ]
                * 3
            }
        ),
        lambda request: json.dumps(
            {
                "@odata.count": 10**30,
                "value": [
                    {
                        "id": f"8c1f0d3a-0b1c-4d2e-9f30-{n:012x}",
                        "personId": "8c1f0d3a-0b1c-4d2e-9f30-0123456789ab",
                        "type": ESCAPES,
                        "status": ESCAPES,
                        "time": "9999-12-31T23:59:59.9999999Z",
                        "offset": "PT999999999H",
                        "belongsToDate": "9999-12-31",
                        "date": "0001-01-01",
                        "duration": "-P999999999D",
                        "activityId": ESCAPES,
                        "groupId": ESCAPES,
                        ESCAPES: ESCAPES,
                    }
                    for n in range(300)
                ],
            }
        ),
        '{"value": [' + ",".join(['{"x": ""}'] * 400_000) + "]}",
        json.dumps({"value": ["x" * (17 << 20)]}),
    ],
    ids=lambda body: "function" if callable(body) else body[:24],
)
def test_hostile_answers_end_in_a_list(body):
    with Answering(body) as peer:
        done = probe(peer, "--format", "json", LOG_LEVEL="trace")
        assert len(peer.requests) <= MAX_REQUESTS
        text = probe(peer)
    assert done.returncode in (0, 1) and text.returncode == done.returncode
    found = findings(done)
    assert found["end_break_type"]["holds"] is None
    said = done.stdout + done.stderr + text.stdout + text.stderr
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]|Marikit|owned|token-hush|8c1f0d3a", said)


def test_names_with_terminal_escapes_never_appear(jibble):
    truth = jibble.admin("GET", "truth")
    changed = [("People", agent["id"], "fullName", agent["full_name"]) for agent in truth["agents"][:10]]
    for resource, key, member, _ in changed:
        jibble.admin("PATCH", f"objects/{resource}/{key}", {member: ESCAPES})
    try:
        done = probe(jibble, LOG_LEVEL="trace")
        assert done.returncode == 0
        assert "\x1b" not in done.stdout + done.stderr and "Marikit" not in done.stdout + done.stderr
    finally:
        for resource, key, member, before in changed:
            jibble.admin("PATCH", f"objects/{resource}/{key}", {member: before})


def test_a_closed_output_is_a_failure(jibble):
    with open("/dev/full", "w") as full:
        environment = {k: v for k, v in Daemon(None, jibble).environment.items() if v is not None}
        done = subprocess.run(
            [TIMESHEETD, "probe"],
            env=environment | {"PATH": os.environ["PATH"]},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1 and "standard output" in done.stderr
