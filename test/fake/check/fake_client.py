"""A running fake-jibble and a connection to it, for the checks in this folder."""

import datetime
import http.client
import json
import signal
import subprocess
import sys
import time
import urllib.parse

PROGRAM = sys.argv.pop(1)
ENTRIES = "/time-tracking/v1/TimeEntries"
SUMMARY = "/time-attendance/v1/TimesheetsSummary"

KEPT_OPEN = 3  # seconds without a request after which the server may close a connection


def instant(text):
    """Microseconds since 1970, whatever the number of fractional digits."""
    body, dot, fraction = text.rstrip("Z").partition(".")
    moment = datetime.datetime.fromisoformat(body).replace(tzinfo=datetime.timezone.utc)
    return int(moment.timestamp()) * 1_000_000 + int((fraction + "000000")[:6])


class Fake:
    """A running server and one connection to it."""

    def __init__(self, *options):
        self.process = subprocess.Popen([PROGRAM, *options], stdout=subprocess.PIPE, text=True)
        self.where = json.loads(self.process.stdout.readline())
        self.connection = http.client.HTTPConnection("127.0.0.1", self.where["port"], timeout=20)
        self.token = None
        self.used = time.monotonic()

    def close(self):
        self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(10)
        self.process.stdout.close()
        return code

    def call(self, method, path, body=None, headers=None, connection=None):
        connection = connection or self.connection
        if time.monotonic() - self.used > KEPT_OPEN:
            self.connection.close()  # it opens again by itself
        self.used = time.monotonic()
        if method == "DELETE" and body is None:  # Python states no length then, and newer servers close what follows
            headers = {"Content-Length": "0"} | (headers or {})
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        text = response.read()
        return response.status, text, response

    def log_in(self, secret="demo-secret"):
        form = urllib.parse.urlencode(
            {"grant_type": "client_credentials", "client_id": "demo", "client_secret": secret}
        )
        status, text, _ = self.call(
            "POST", "/identity/connect/token", form, {"Content-Type": "application/x-www-form-urlencoded"}
        )
        if status == 200:
            self.token = json.loads(text)["access_token"]
        return status, json.loads(text)

    def get(self, path, connection=None, **options):
        if not self.token:
            self.log_in()
        query = urllib.parse.urlencode({"$" + name: value for name, value in options.items()})
        separator = "&" if "?" in path else "?"
        return self.call(
            "GET",
            path + (separator + query if query else ""),
            None,
            {"Authorization": "Bearer " + self.token},
            connection,
        )

    def rows(self, path, top=1000, **options):
        rows = []
        while True:
            status, text, _ = self.get(path, top=top, skip=len(rows), count="true", **options)
            assert status == 200, text
            page = json.loads(text)
            assert "@odata.nextLink" not in page
            rows += page["value"]
            if len(page["value"]) < top:
                assert page["@odata.count"] == len(rows), (page["@odata.count"], len(rows))
                return rows

    def admin(self, method, path, body=None):
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        status, answer, _ = self.call(method, "/_fake/" + path, text)
        return status, json.loads(answer)
