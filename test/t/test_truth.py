"""A whole organisation by its HTTP API into the database: the hours equal those of the fake's own truth.

The expected hours come from intervals that were written down before any event was derived from
them, added up by another process that has no database.
"""

import json
import os
import signal
import subprocess
import sys
import urllib.parse
import urllib.request

import psycopg
import pytest

URI = os.environ["TIMESHEET_TEST_URI"]
FAKE = os.environ["TIMESHEET_FAKE_JIBBLE"]
PAGE = 1000
RESOURCES = [("workspace", "Organizations", "Organizations"), ("workspace", "Groups", "Groups"), ("workspace", "People", "People"),
             ("workspace", "Activities", "Activities"), ("time_tracking", "People", "TimeTrackingPeople"),
             ("time_tracking", "TimeEntries", "TimeEntries"), ("time_tracking", "HourEntries", "HourEntries")]


@pytest.fixture(scope="module")
def jibble(tmp_path_factory):
    truth = tmp_path_factory.mktemp("truth") / "truth.json"
    process = subprocess.Popen([FAKE, "--truth", str(truth)], stdout=subprocess.PIPE, text=True)
    try:
        yield {**json.loads(process.stdout.readline()), "truth": truth}
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def pages(jibble):
    """Every page of every resource, with its stored name."""
    login = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": "demo", "client_secret": "demo-secret"}).encode()
    with urllib.request.urlopen(jibble["identity"] + "/connect/token", login) as answer:
        token = json.load(answer)["access_token"]
    for host, resource, name in RESOURCES:
        skip = 0
        while True:
            query = urllib.parse.urlencode({"$top": PAGE, "$skip": skip, "$orderby": "id asc"})
            request = urllib.request.Request(f"{jibble[host]}/v1/{resource}?{query}", headers={"Authorization": "Bearer " + token})
            with urllib.request.urlopen(request) as answer:
                objects = json.load(answer)["value"]
            if not objects:
                break
            yield name, objects
            skip += len(objects)


@pytest.fixture(scope="module")
def connection(jibble):
    with psycopg.connect(URI) as db:
        run = db.execute("SELECT timesheet.begin_run('test')").fetchone()[0]
        for resource, objects in pages(jibble):
            db.execute("SELECT timesheet.store_page(%s, %s, %s, %s)", (run, resource, [o["id"] for o in objects], [json.dumps(o) for o in objects]))
        db.execute("SELECT timesheet.finish_run(%s)", (run,))
        for group in json.loads(jibble["truth"].read_text())["groups"]:
            if group["day_cutoff"] != "00:00":
                db.execute("SELECT timesheet.set_working_time('2020-01-01', for_client_group => g.client_group_id, day_cutoff => %s)"
                           " FROM timesheet.client_groups AS g WHERE g.jibble_id = %s", (group["day_cutoff"], group["id"]))
        yield db
        db.rollback()


@pytest.mark.parametrize("engine", ["native", "sql"])
@pytest.mark.parametrize("function, period, option", [("weekly_hours", "week_start", []), ("daily_hours", "workday", ["--daily"])])
def test_hours_equal_the_truth(connection, jibble, engine, function, period, option):
    expected = subprocess.run([sys.executable, "-m", "oracle.truth", str(jibble["truth"]), "--since", "2026-08-31", "--until", "2026-11-23", *option],
                              check=True, stdout=subprocess.PIPE, text=True).stdout
    keys = [period, "group_id", "agent_id", "activity_id", "work_seconds", "unconfirmed_seconds", "break_seconds", "manual_seconds",
            "session_count", "incomplete_count"]
    expected = [tuple(json.loads(line)[key] for key in keys) for line in expected.splitlines()]
    connection.execute("SELECT timesheet.use_engine(%s)", (engine,))
    found = connection.execute(f"""
        SELECT h.{period}::text, g.jibble_id::text, a.jibble_id::text, v.jibble_id::text, work_seconds, unconfirmed_seconds, break_seconds,
          manual_seconds, session_count, incomplete_count
        FROM timesheet.{function}('2026-08-31', '2026-11-23', NULL, 'infinity') AS h
        JOIN timesheet.agents AS a USING (agent_id) LEFT JOIN timesheet.client_groups AS g ON g.client_group_id = h.client_group_id
        LEFT JOIN timesheet.activities AS v USING (activity_id)""").fetchall()
    assert len(expected) > 1000
    wrong, missing = set(found) - set(expected), set(expected) - set(found)
    assert (sorted(wrong, key=repr)[:5], sorted(missing, key=repr)[:5], len(found)) == ([], [], len(expected))
