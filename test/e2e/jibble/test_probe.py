"""timesheetd probe: right under every position of the fake's switches, and within 60 requests."""

import os
import random
import re
import subprocess

import pytest

from conftest import TIMESHEETD, Daemon
from probe_account import account, jibble  # noqa: F401 (fixtures)
from probe_account import IDS, MAX_REQUESTS, RESET, expected, findings, holds, probe


NEEDED_OF_PEOPLE = {
    "id",
    "status",
    "groupId",
    "timeZone",
    "timeSheetTimeZone",
    "ICultureSettings/TimeZone",
    "ICalculationSettings/TimeSheetTimeZone",
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
