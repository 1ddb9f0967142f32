"""What the dashboard costs: the server's time for each page against a floor, and the queries with a long history and
with a hundredth of it. The floor is the page's queries by a bare client, each sent when the one before was answered,
and a page of the same server that asks nothing.

Times are those of a client on this machine, round trips among them. The portal's pages are measured too, for a remark.
"""

import contextlib
import hashlib
import http.client
import os
import pathlib
import re
import secrets
import signal
import socket
import statistics
import subprocess
import time

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus

from measure import made_of, ratio, report, side_by_side, wanted

WEB = pathlib.Path(__file__).parents[2] / "web"
NOW = "2025-12-30T07:30:00Z"  # the day that counts as today; the entries end on the day after
# What else grows with a history besides entries: versions as received, the run log, digests of ten contacts, and what
# staff did, a preview and a change a day. Then the reports are stored, as timesheetd leaves them: what stale days cost
# is for report_growth to tell.
HISTORY = """
    INSERT INTO timesheet.raw_events (resource, jibble_id, payload)
    SELECT 'TimeEntries', e.jibble_activity_id, '{"type": "In"}' FROM timesheet.time_entries AS e;
    UPDATE timesheet.ingest_state SET normalised_through = (SELECT max(r.raw_event_id) FROM timesheet.raw_events AS r);
    INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at, pages, rows, new)
    SELECT 'sync', d.workday, d.workday + 3, 'succeeded', d.workday + n * interval '2 hours',
      d.workday + n * interval '2 hours' + interval '2 seconds', 3, 180, 5
    FROM (SELECT DISTINCT e.workday FROM timesheet.time_entries AS e) AS d CROSS JOIN generate_series(0, 11) AS n
    ORDER BY 4;
    INSERT INTO timesheet.contacts (email) SELECT 'contact' || n || '@example.com' FROM generate_series(1, 10) AS n;
    INSERT INTO timesheet.contact_client_groups SELECT c.contact_id, c.contact_id FROM timesheet.contacts AS c;
    INSERT INTO timesheet.digest_deliveries (contact_id, week, email, content, through_raw_event, state, html, body,
      attempts, provider, created_at, sent_at)
    SELECT c.contact_id, w.week, c.email,
      jsonb_build_object('title', 'Group', 'period', w.week, 'total', jsonb_build_object('hours', '40.25'), 'filler',
        repeat(md5(w.week::text), 200)), 0, 'sent',
      repeat('<p>hours</p>', 3000), 'hours', 1, 'resend', w.week + 7, w.week + 7
    FROM timesheet.contacts AS c
    CROSS JOIN (SELECT DISTINCT date_trunc('week', e.workday)::date AS week FROM timesheet.time_entries AS e) AS w;
    INSERT INTO timesheet.outbox_messages (kind, recipient, subject, content, state, created_at)
    SELECT DISTINCT 'preview', 'ann@example.com', 'Preview: hours', '{}'::jsonb, 'sent', e.workday::timestamptz
    FROM timesheet.time_entries AS e;
    INSERT INTO timesheet.operator_actions (at, actor, action, arguments, result)
    SELECT m.created_at, 'ann@example.com', a.action,
      jsonb_build_object('email', 'contact1@example.com', 'week', m.created_at::date), to_jsonb(m.delivery_id)
    FROM timesheet.outbox_messages AS m CROSS JOIN (VALUES ('send_preview'), ('resubscribe')) AS a (action)
    ORDER BY 1, 3;
    SELECT timesheet.refresh();
"""
WARM_UP = 30  # requests of each page before any counts, for Node.js to have compiled what it runs
NOT_THERE = "/nothing-is-here"
FOUR_WEEKS = "?from=2025-12-01&to=2025-12-28"
# A link to the portal, as an e-mail to the contact of one client group had it.
LINK = """
    INSERT INTO timesheet.portal_links (token_sha256, delivery_id, contact_id)
    SELECT %s, max(d.delivery_id), d.contact_id FROM timesheet.digest_deliveries AS d
    WHERE d.contact_id = (SELECT min(c.contact_id) FROM timesheet.contacts AS c) GROUP BY d.contact_id"""


def history(uri):
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute(HISTORY)
        db.execute("VACUUM (ANALYZE)")


def paths(uri):
    """Each page, by what it is called in both databases."""
    with psycopg.connect(uri) as db:
        (entry,) = db.execute(
            "SELECT jibble_activity_id FROM timesheet.time_entries WHERE agent_id = 7 AND workday = '2025-12-29' "
            "AND raw_type = 'In' ORDER BY start_time_utc LIMIT 1"
        ).fetchone()
        (delivery,) = db.execute("SELECT max(delivery_id) FROM timesheet.digest_deliveries").fetchone()
    plain = ["/", "/clients", "/clients/5", "/agents", "/agents/7", "/activities", "/entries", "/digests", "/health"]
    plain += ["/agents/usual", "/activities/compare"]
    alone = ["/search?q=agent", "/actions", "/actions/corrections"]  # have no days
    return {
        **{path: path for path in plain + alone},
        **{path + FOUR_WEEKS: path + FOUR_WEEKS for path in plain},
        "/agents/7/2025-12-29": "/agents/7/2025-12-29",
        "/entries/[id]": f"/entries/{entry}",
        "/digests/[id]": f"/digests/{delivery}",
    }


def portal_paths(uri):
    """The portal's pages, and the token that opens them."""
    token = secrets.token_urlsafe(32)
    with psycopg.connect(uri) as db:
        db.execute(LINK, (hashlib.sha256(token.encode()).digest(),))
    return {path: path for path in ("/portal", "/portal/week/2025-12-22", "/portal/digests")}, token


def logins(cluster, login, *uris):
    """The URIs as one of the server's logins; its password is the server's, so the last one holds."""
    for uri in uris:
        reader = subprocess.run(
            [WEB / "role.sh", login, uri, cluster.superuser_uri], check=True, stdout=subprocess.PIPE, text=True
        ).stdout.strip()
    return [reader.rsplit("/", 1)[0] + "/" + uri.rsplit("/", 1)[1] for uri in uris]


class Page:
    """The page as it is deployed, on a database; with the portal for the holder of a token, if they are given."""

    def __init__(self, reader, portal=None, token=None):
        self.headers = {"Cookie": f"timesheet_portal={token}"} if token else {}
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": reader,
            "TIMESHEET_WEB_DEMO": "1",
            "TIMESHEET_WEB_NOW": NOW,
            "NODE_ENV": "production",
            "WEB_PARTS": "dashboard,portal" if portal else "dashboard",
            "PORTAL_DATABASE_URL": portal or "",
            "PORTAL_URL": f"http://127.0.0.1:{self.port}/portal" if portal else "",
        }
        command = (
            f". ./node.sh; exec node node_modules/next/dist/bin/next start --hostname 127.0.0.1 --port {self.port}"
        )
        self.process = subprocess.Popen(["bash", "-c", command], cwd=WEB, env=environment, stdout=subprocess.DEVNULL)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for _ in range(300):
            with contextlib.suppress(OSError):
                self.connection.request("GET", "/icon.svg")
                self.connection.getresponse().read()
                return
            self.connection.close()
            time.sleep(0.1)
        raise RuntimeError("the page did not start")

    def stop(self):
        self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def seconds(self, path, status=200):
        """From the request to the last byte."""
        begin = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        answer.read()
        taken = time.perf_counter() - begin
        assert answer.status == status, (path, answer.status)
        return taken


# A statement in the server's log, whose further lines are indented, and the line of its parameters.
LOGGED = re.compile(
    r"LOG:  (?:execute [^:]*|statement): (?P<statement>.*(?:\n\t.*)*)(?:\n.*DETAIL:  [Pp]arameters: "
    r"(?P<parameters>.*(?:\n\t.*)*))?"
)
PARAMETER = re.compile(r"\$\d+ = (?:NULL|'((?:[^']|'')*)')")


def statements(log):
    """[(statement, parameters)] of the server's log, as libpq takes them."""

    def whole(text):
        return (text or "").replace("\n\t", "\n")

    return [
        (
            whole(each["statement"]).encode(),
            [
                None if value[1] is None else value[1].replace("''", "'").encode()
                for value in PARAMETER.finditer(whole(each["parameters"]))
            ],
        )
        for each in LOGGED.finditer(log)
    ]


def recorded(cluster, login, names, *page_of):
    """What each page asks PostgreSQL, as [(statement, parameters)], transaction included: by the server's log, which is
    for this alone as writing it slows a page."""

    def alter_login(change):
        with psycopg.connect(cluster.superuser_uri, autocommit=True) as db:
            db.execute(f"ALTER ROLE {login} {change}")

    with contextlib.ExitStack() as stack:
        stack.callback(alter_login, "RESET log_statement")
        alter_login("SET log_statement = 'all'")
        page = Page(*page_of)
        stack.callback(page.stop)
        found = {}
        with open(cluster.directory / "data" / "server.log", encoding="utf-8", errors="replace") as lines:
            for name, path in names.items():
                page.seconds(path)  # the first one connects
                lines.seek(0, os.SEEK_END)
                page.seconds(path)
                found[name] = statements(lines.read())
                ends = [
                    statement.split()[0]
                    for statement, _ in found[name]
                    if statement.split()[0] in (b"begin", b"commit")
                ]
                assert (
                    ends == [b"begin", b"commit"] and len(found[name]) > 2
                ), f"{path} asked otherwise than in one transaction, or the server's log looks otherwise than expected"
        return found


def seconds_of(connection, asked):
    """What the statements take a client that does nothing else, in libpq's plainest way."""
    begin = time.perf_counter()
    for statement, parameters in asked:
        result = connection.pgconn.exec_params(statement, parameters)
        assert result.status in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK), (statement, result.error_message)
    taken = time.perf_counter() - begin
    assert connection.info.transaction_status == TransactionStatus.IDLE, asked
    return taken


def over_floor(page, connection, names, asked):
    """{name: [(seconds of the page, seconds of its queries and of a page that asks nothing)]}"""
    for _ in range(WARM_UP):
        for path in names.values():
            page.seconds(path)
        page.seconds(NOT_THERE, 404)
    return {
        name: side_by_side(
            lambda: page.seconds(path), lambda: seconds_of(connection, asked[name]) + page.seconds(NOT_THERE, 404)
        )
        for name, path in names.items()
    }


def remarks(of, prefix=""):
    for name, pairs in sorted(of.items(), key=lambda item: -ratio(item[1])):
        print(
            f"#     {prefix}{name}: {ratio(pairs):.2f}, {1000 * statistics.median(a for a, _ in pairs):.1f} ms over "
            f"{1000 * statistics.median(b for _, b in pairs):.1f} ms",
            flush=True,
        )


def conclude(figure, of):
    worst = max(of, key=lambda name: ratio(of[name]))
    report(figure, ratio(of[worst]), "ratio", f"the worst of {len(of)} pages, {worst}: {made_of(of[worst])}")
    remarks(of)


def portal_over_floor(cluster, reader, uri):
    """The same of the portal's pages, which have no line of their own."""
    (portal,) = logins(cluster, "portal", uri)
    names, token = portal_paths(uri)
    asked = recorded(cluster, "portal", names, reader, portal, token)
    page = Page(reader, portal, token)
    with contextlib.closing(psycopg.connect(portal, autocommit=True)) as connection:
        try:
            return over_floor(page, connection, names, asked)
        finally:
            page.stop()


def figures(cluster, large, small):
    """`large` and `small`: URIs of databases with ROWS entries of 40 agents and a hundredth of them, rolled up."""
    for uri in (large, small):
        history(uri)
    readers = logins(cluster, "dashboard", large, small)
    names = [paths(uri) for uri in (large, small)]
    asked = [recorded(cluster, "dashboard", each, reader) for reader, each in zip(readers, names)]
    with contextlib.ExitStack() as stack:
        of_large, of_small = (stack.enter_context(psycopg.connect(reader, autocommit=True)) for reader in readers)
        if wanted("page_over_floor"):
            page = Page(readers[0])
            stack.callback(page.stop)
            conclude("page_over_floor", over_floor(page, of_large, names[0], asked[0]))
            nothing = statistics.median(page.seconds(NOT_THERE, 404) for _ in range(100))
            print(f"#     an address that is not there, which asks nothing: {1000 * nothing:.1f} ms", flush=True)
            remarks(portal_over_floor(cluster, readers[0], large), "the portal's ")
        if wanted("page_growth"):
            growth = {
                name: side_by_side(
                    lambda: seconds_of(of_large, asked[0][name]), lambda: seconds_of(of_small, asked[1][name])
                )
                for name in names[0]
            }
            conclude("page_growth", growth)
