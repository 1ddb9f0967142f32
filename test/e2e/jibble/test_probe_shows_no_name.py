"""timesheetd probe names no person, whatever Jibble answers: no name, id or control character of an answer is shown."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request

import pytest

from conftest import SECRET
from peer_server import Peer, Status
from probe_account import account, jibble  # noqa: F401 (fixtures)
from probe_account import HOSTS, IDS, MAX_REQUESTS, RESET, findings, probe


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
def test_no_person_is_named_at_any_level_in_any_position(jibble, format):
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
