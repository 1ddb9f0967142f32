"""What a poll that finds nothing new costs: a sync of the last days against a client that only fetches the same pages.

The client sends the requests that the sync has sent, in their order, over one connection that is kept, and reads the
answers; it parses nothing but the token. The sync counts from where it connects to its exit: what a process takes
before is measured by a sync whose database refuses it at once, and left out.
"""

import http.client
import json
import os
import statistics
import subprocess
import time
import urllib.parse
import urllib.request

import psycopg
from ingest import ENTRIES_A_WEEK, Fake, backfill
from measure import RUNS, report

WEEKS = 12
WINDOW = ["--since", "2026-11-21", "--until", "2026-11-25"]  # three days to tomorrow, as the fake's clock has it
PAIRS = 5 * RUNS
DISTANCE = 0.05  # seconds to an answer, of a service that is not on this machine


def environment(fake, uri):
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": uri,
        "LOG_LEVEL": "error",
        "JIBBLE_CLIENT_ID": "demo",
        "JIBBLE_CLIENT_SECRET": "demo-secret",
        "JIBBLE_REQUESTS_PER_SECOND": "1000000",
        **{
            f"JIBBLE_{host.upper()}_URL": fake.urls[host]
            for host in ("identity", "workspace", "time_tracking", "time_attendance")
        },
    }


def admin(fake, method, path, body=None):
    request = urllib.request.Request(
        f"http://127.0.0.1:{fake.urls['port']}/_fake/{path}",
        json.dumps(body).encode() if body is not None else None,
        {"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def run_sync(build, variables):
    """(seconds, exit status) from the start of the process to its end."""
    begin = time.perf_counter()
    done = subprocess.run([build / "daemon" / "timesheetd", "sync", *WINDOW], env=variables, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin, done.returncode


def poll(build, fake, uri):
    """Seconds from where it connects to its exit."""
    unconnected, status = run_sync(build, environment(fake, "postgresql://127.0.0.1:1/none"))
    assert status == 1
    seconds, status = run_sync(build, environment(fake, uri))
    assert status == 0
    return seconds - unconnected


def read(fake, requests):
    begin = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", fake.urls["port"])
    token = ""
    for request in requests:
        query = urllib.parse.quote(request["query"], safe="$&=,/'()") if request.get("query") else ""
        path = request["path"] + ("?" + query if query else "")
        if request["method"] == "POST":
            form = "grant_type=client_credentials&client_id=demo&client_secret=demo-secret"
            connection.request("POST", path, form, {"Content-Type": "application/x-www-form-urlencoded"})
            token = json.loads(connection.getresponse().read())["access_token"]
        else:
            connection.request("GET", path, headers={"Authorization": "Bearer " + token, "Accept": "application/json"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, path
    seconds = time.perf_counter() - begin
    connection.close()
    return seconds


def pairs(build, fake, uri, requests, count):
    return [(poll(build, fake, uri), read(fake, requests)) for _ in range(count)]


def made_of(measured):
    ours, theirs = (statistics.median(side) for side in zip(*measured))
    return f"{ours:.4f} s over {theirs:.4f} s"


def figures(cluster, build, rows):
    fake = Fake(build, max(1, min(WEEKS, rows // ENTRIES_A_WEEK)))
    try:
        uri = cluster.new_database("polled")
        backfill(build, uri, fake)
        variables = environment(fake, uri)
        run_sync(build, variables)
        admin(fake, "DELETE", "requests")
        run_sync(build, variables)
        requests = json.loads(admin(fake, "GET", "requests"))
        near = pairs(build, fake, uri, requests, PAIRS)
        fault = {"path_contains": "/", "action": "slow", "seconds": DISTANCE, "times": 1000000}
        admin(fake, "POST", "faults", fault)
        far = pairs(build, fake, uri, requests, RUNS)
    finally:
        fake.stop()
    with psycopg.connect(uri) as db:
        found = db.execute(
            "SELECT max(r.rows), sum(r.new + r.changed + r.deleted) FROM timesheet.ingest_runs AS r "
            "WHERE r.command = 'sync'"
        ).fetchone()
    assert found[1] == 0
    report(
        "poll_over_read",
        statistics.median(ours / theirs for ours, theirs in near),
        "ratio",
        f"{made_of(near)}, {PAIRS} runs each in turn, {len(requests)} requests, {found[0]} rows; from a service that "
        f"answers after {DISTANCE * 1000:.0f} ms {made_of(far)}, "
        f"ratio {statistics.median(ours / theirs for ours, theirs in far):.2f}",
    )
