"""An account for timesheetd probe, and what is true of it under each position of the fake's switches."""

import collections
import datetime
import json
import urllib.error
import urllib.parse
import urllib.request

import pytest

from conftest import Daemon, FakeJibble
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
        # The group of a person who stays, too.
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
