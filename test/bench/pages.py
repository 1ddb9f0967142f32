"""What the internal page costs: the server's time for each page against its queries', and its queries with a long history and with a hundredth of it."""

import contextlib
import http.client
import os
import pathlib
import re
import signal
import socket
import statistics
import subprocess
import time

import psycopg

from measure import made_of, ratio, report, side_by_side

WEB = pathlib.Path(__file__).parents[2] / "web"
NOW = "2025-12-30T07:30:00Z"  # the day that counts as today; the entries end on the day after
# What else grows with a history besides entries: versions as received, the ledger, and digests of ten contacts.
HISTORY = """
    INSERT INTO timesheet.raw_events (resource, jibble_id, payload) SELECT 'TimeEntries', e.jibble_activity_id, '{"type": "In"}' FROM timesheet.time_entries AS e;
    UPDATE timesheet.ingest_state SET normalised_through = (SELECT max(r.raw_event_id) FROM timesheet.raw_events AS r);
    INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at, pages, rows, new)
    SELECT 'sync', d.workday, d.workday + 3, 'succeeded', d.workday + n * interval '2 hours', d.workday + n * interval '2 hours' + interval '2 seconds', 3, 180, 5
    FROM (SELECT DISTINCT e.workday FROM timesheet.time_entries AS e) AS d CROSS JOIN generate_series(0, 11) AS n ORDER BY 4;
    INSERT INTO timesheet.contacts (email) SELECT 'contact' || n || '@example.com' FROM generate_series(1, 10) AS n;
    INSERT INTO timesheet.contact_client_groups SELECT c.contact_id, c.contact_id FROM timesheet.contacts AS c;
    INSERT INTO timesheet.digest_deliveries (contact_id, week, email, content, through_raw_event, state, html, body, attempts, provider, created_at, sent_at)
    SELECT c.contact_id, w.week, c.email, jsonb_build_object('title', 'Group', 'period', w.week, 'total', jsonb_build_object('hours', '40.25'), 'filler', repeat(md5(w.week::text), 200)), 0, 'sent',
      repeat('<p>hours</p>', 3000), 'hours', 1, 'resend', w.week + 7, w.week + 7
    FROM timesheet.contacts AS c CROSS JOIN (SELECT DISTINCT date_trunc('week', e.workday)::date AS week FROM timesheet.time_entries AS e) AS w;
"""
FOUR_WEEKS = "?from=2025-12-01&to=2025-12-28"


def history(uri):
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute(HISTORY)
        db.execute("VACUUM (ANALYZE)")


def paths(uri):
    """Each page, by what it is called in both databases."""
    with psycopg.connect(uri) as db:
        entry, = db.execute("SELECT jibble_activity_id FROM timesheet.time_entries WHERE agent_id = 7 AND workday = '2025-12-29' AND raw_type = 'In' ORDER BY start_time_utc LIMIT 1").fetchone()
        delivery, = db.execute("SELECT max(delivery_id) FROM timesheet.digest_deliveries").fetchone()
    plain = ["/", "/clients", "/clients/5", "/agents", "/agents/7", "/activities", "/entries", "/digests", "/health"]
    return {**{path: path for path in plain}, **{path + FOUR_WEEKS: path + FOUR_WEEKS for path in plain},
            "/agents/7/2025-12-29": "/agents/7/2025-12-29", "/entries/[id]": f"/entries/{entry}", "/digests/[id]": f"/digests/{delivery}"}


def readers(cluster, *uris):
    """The URIs as the page's role, whose statements are logged with what they took; its password is the server's, so the last one holds."""
    for uri in uris:
        reader = subprocess.run([WEB / "role.sh", "timesheet_reader", uri, cluster.superuser_uri], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    with psycopg.connect(cluster.superuser_uri, autocommit=True) as db:
        db.execute("ALTER ROLE timesheet_reader SET log_min_duration_statement = 0")
    return [reader.rsplit("/", 1)[0] + "/" + uri.rsplit("/", 1)[1] for uri in uris]


class Page:
    """The page as it is deployed, on a database; what its queries took is in the server's log."""

    def __init__(self, cluster, reader):
        self.log = open(cluster.directory / "data" / "server.log", encoding="utf-8", errors="replace")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        environment = {"PATH": os.environ["PATH"], "DATABASE_URL": reader, "TIMESHEET_WEB_DEMO": "1", "TIMESHEET_WEB_NOW": NOW, "NODE_ENV": "production"}
        command = f". ./node.sh; exec node node_modules/next/dist/bin/next start --hostname 127.0.0.1 --port {self.port}"
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

    def get(self, path):
        """(seconds from the request to the last byte, seconds that PostgreSQL took for its queries)."""
        self.log.seek(0, os.SEEK_END)
        begin = time.perf_counter()
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        answer.read()
        whole = time.perf_counter() - begin
        assert answer.status == 200, (path, answer.status)
        return whole, sum(float(took) for took in re.findall(r"duration: ([0-9.]+) ms", self.log.read())) / 1000


def figures(cluster, large, small):
    """`large` and `small`: URIs of databases with ROWS entries of 40 agents and a hundredth of them, rolled up."""
    for uri in (large, small):
        history(uri)
    with contextlib.ExitStack() as stack:
        pages = []
        for uri, reader in zip((large, small), readers(cluster, large, small)):
            page = Page(cluster, reader)
            stack.callback(page.stop)
            pages.append((page, paths(uri)))
        of_large, of_small = pages
        over_sql, growth = {}, {}
        for name in of_large[1]:
            asked = []

            def queries_of(page, names):
                def run():
                    asked.append((page, page.get(names[name])))
                    return asked[-1][1][1]
                return run

            growth[name] = side_by_side(queries_of(*of_large), queries_of(*of_small))
            over_sql[name] = [taken for page, taken in asked if page is of_large[0]][1:]
    for figure, of in (("page_over_sql", over_sql), ("page_growth", growth)):
        worst = max(of, key=lambda page: ratio(of[page]))
        report(figure, ratio(of[worst]), "ratio", f"the worst of {len(of)} pages, {worst}: {made_of(of[worst])}")
        for page, pairs in sorted(of.items(), key=lambda item: -ratio(item[1])):
            print(f"#     {page}: {ratio(pairs):.2f}, {1000 * statistics.median(a for a, _ in pairs):.1f} ms over {1000 * statistics.median(b for _, b in pairs):.1f} ms", flush=True)
