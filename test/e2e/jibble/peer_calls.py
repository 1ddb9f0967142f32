"""Requests to the fake services, each in the form that the real one takes, and the services as fixtures."""

import base64
import json
import threading
import time
import urllib.error
import urllib.request
from urllib.parse import quote, urlencode

import pytest

from airtable_peer import Airtable
from mail_peers import Loops, Mailgun, Resend


MAIL = {
    "from": "Time <time@example.com>",
    "to": ["ann@example.org"],
    "subject": "Hours",
    "html": "<p>8</p>",
    "text": "8",
}
LOOPS_MAIL = {"email": "ann@example.org", "transactionalId": "cm1", "dataVariables": {"name": "Ann"}}
FORM = {
    "from": "Time <time@example.com>",
    "to": "Ann <ann@example.org>",
    "subject": "Hours",
    "text": "8",
    "html": "<p>8</p>",
}


def call(peer, path, body=None, method=None, timeout=10, **headers):
    """The status, the headers and the body; JSON is read. A body is sent as JSON unless it is bytes."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(peer.url + path, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            status, got, content = answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            status, got, content = error.code, error.headers, error.read()
    return status, got, json.loads(content) if got["Content-Type"] == "application/json" else content.decode()


class InBackground(threading.Thread):
    """A call that may have to wait; result() is what it returned, or the exception."""

    def __init__(self, *arguments, **keywords):
        super().__init__(daemon=True)
        self.arguments, self.keywords, self.outcome = arguments, keywords, None
        self.start()

    def run(self):
        try:
            self.outcome = call(*self.arguments, **self.keywords)
        except OSError as error:
            self.outcome = error

    def result(self):
        self.join(10)
        assert not self.is_alive()
        return self.outcome


def until(is_so):
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def send(peer, mail=MAIL, key=None, **more):
    return call(
        peer,
        "/emails",
        mail,
        Authorization="Bearer re_key",
        **({"Idempotency_Key": key} if key is not None else {}),
        **more,
    )


def send_by_loops(peer, mail=LOOPS_MAIL, key=None, token="loops-key"):
    return call(
        peer,
        "/api/v1/transactional",
        mail,
        Authorization=f"Bearer {token}",
        **({"Idempotency_Key": key} if key else {}),
    )


def basic(key):
    return "Basic " + base64.b64encode(f"api:{key}".encode()).decode()


def send_by_mailgun(peer, form=FORM, key="mg-key", domain="mg.example.com"):
    return call(peer, f"/v3/{domain}/messages", urlencode(form, doseq=True).encode(), Authorization=basic(key))


@pytest.fixture
def resend():
    with Resend("re_key", requests_per_second=1000) as peer:
        yield peer


@pytest.fixture
def loops():
    with Loops("loops-key", "cm1") as peer:
        yield peer


@pytest.fixture
def mailgun():
    with Mailgun("mg-key", "mg.example.com") as peer:
        yield peer


@pytest.fixture
def airtable():
    records = [
        (f"rec{n:03d}", {"Email": f"{n}@example.org", "Groups": "a,b", "Note": "", "Active": n != 2, "Hours": 0})
        for n in range(5)
    ]
    with Airtable("pat", "app1", "Field / agents", records, requests_per_second=1000) as peer:
        yield peer


def listed(peer, table="Field / agents", token="pat", base="app1", **query):
    if "fields" in query:
        query["fields[]"] = query.pop("fields")
    path = f"/v0/{base}/{quote(table, safe='')}?{urlencode(query, doseq=True)}"
    status, _, body = call(peer, path, **({"Authorization": f"Bearer {token}"} if token else {}))
    return status, body
