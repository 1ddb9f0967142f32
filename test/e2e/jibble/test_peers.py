"""The fake services themselves: they answer as the real ones do, misbehave on request, and end when told."""

import base64
import http.client
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from urllib.parse import quote, urlencode

import pytest

from airtable_peer import Airtable
from mail_peers import DAY, Loops, Mailgun, Resend
from peer_server import AcceptThenHang, AcceptThenReset, Hang, Malformed, Reset, Slow, Status

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


# Any peer


def test_requests_are_remembered_in_order_with_all_their_parts(resend):
    send(resend, key="k")
    call(resend, "/domains?a=1&a=2", Authorization="Bearer re_key")
    first, second = resend.requests
    assert (first.method, first.path, first.json, first.key) == ("POST", "/emails", MAIL, "k")
    assert json.loads(first.body) == MAIL and first.headers["authorization"] == "Bearer re_key"
    assert (second.method, second.path, second.query, second.body) == ("GET", "/domains", {"a": ["1", "2"]}, b"")


def test_wait_for_request_gives_each_request_once(resend):
    send(resend)
    waiting = InBackground(resend, "/domains")
    assert [resend.wait_for_request(5).path, resend.wait_for_request(5).path] == ["/emails", "/domains"]
    waiting.result()
    with pytest.raises(AssertionError):
        resend.wait_for_request(0.05)


def test_faults_are_met_one_each_in_order(resend):
    resend.next(Status(503, "down", {"Retry-After": "7"}), None, Status(500, {"a": 1}))
    status, headers, body = send(resend)
    assert (status, headers["Retry-After"], body) == (503, "7", "down")
    assert [send(resend)[0], send(resend)[0], send(resend)[0]] == [200, 500, 200]
    assert len(resend.requests) == 4 and len(resend.mails) == 2


@pytest.mark.parametrize("fault, accepted", [(Reset(), 0), (AcceptThenReset(), 1)])
def test_a_reset_is_a_reset_before_or_after_accepting(resend, fault, accepted):
    resend.next(fault)
    with pytest.raises(ConnectionResetError):
        send(resend)
    assert (len(resend.requests), len(resend.mails)) == (1, accepted)


def test_accept_then_hang_holds_the_answer_until_it_is_released(resend):
    resend.next(AcceptThenHang())
    waiting = InBackground(resend, "/emails", MAIL, Authorization="Bearer re_key")
    until(lambda: resend.held)
    assert len(resend.mails) == 1 and waiting.outcome is None
    resend.release()
    assert waiting.result()[2] == {"id": resend.mails[0].id}
    assert resend.held == []


def test_hang_accepts_nothing_and_never_answers(resend):
    resend.next(Hang())
    waiting = InBackground(resend, "/emails", MAIL, Authorization="Bearer re_key")
    until(lambda: resend.held)
    resend.release()
    assert isinstance(waiting.result(), ConnectionResetError)
    assert resend.mails == []


@pytest.mark.parametrize("fault, accepted", [(Hang(), 0), (AcceptThenHang(), 1), (Slow(60), 1)])
def test_a_client_that_goes_away_ends_its_hanging_request(resend, fault, accepted):
    resend.next(fault)
    with pytest.raises(TimeoutError):
        send(resend, timeout=0.1)
    until(lambda: not resend.held)
    assert len(resend.mails) == accepted
    assert send(resend)[0] == 200


def test_slow_answers_late(resend):
    resend.next(Slow(0.2))
    began = time.monotonic()
    assert send(resend)[0] == 200
    assert time.monotonic() - began >= 0.2


def test_malformed_accepts_and_answers_200_with_cut_json(resend):
    resend.next(Malformed())
    with pytest.raises(json.JSONDecodeError):
        send(resend)
    assert len(resend.mails) == 1


def test_a_request_that_is_cut_off_is_none(resend):
    with socket.create_connection(resend.url.removeprefix("http://").split(":")) as client:
        client.sendall(b"POST /emails HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    assert send(resend)[0] == 200
    assert len(resend.requests) == 1


def test_many_clients_at_once_lose_nothing(resend):
    calls = [
        InBackground(resend, "/emails", MAIL, Authorization="Bearer re_key", Idempotency_Key=f"k{n % 20}")
        for n in range(40)
    ]
    ids = {one.result()[2]["id"] for one in calls}
    assert len(resend.requests) == 40 and len(resend.mails) == len(ids) == 20


def test_stop_ends_hanging_and_idle_connections_and_is_quiet(capfd):
    peer = Resend("re_key")
    peer.next(Hang())
    waiting = InBackground(peer, "/emails", MAIL, Authorization="Bearer re_key")
    idle = http.client.HTTPConnection(peer.url.removeprefix("http://"), timeout=5)
    until(lambda: peer.held)
    idle.request("GET", "/domains")
    idle.getresponse().read()
    began = time.monotonic()
    peer.stop()
    peer.stop()
    assert time.monotonic() - began < 2
    assert isinstance(waiting.result(), OSError)
    assert idle.sock.recv(1) == b""
    idle.close()
    with pytest.raises(urllib.error.URLError):
        send(peer)
    assert capfd.readouterr() == ("", "")


def test_a_fake_that_fails_says_so_at_its_end():
    peer = Airtable("pat", "app1", "Agents", [("rec1", None)])
    assert listed(peer, "Agents")[0] == 500
    with pytest.raises(TypeError):
        peer.stop()


# Airtable


def test_airtable_lists_page_by_page_and_leaves_empty_fields_out(airtable):
    status, first = listed(airtable, pageSize=3)
    assert status == 200 and [record["id"] for record in first["records"]] == ["rec000", "rec001", "rec002"]
    assert first["records"][2]["fields"] == {"Email": "2@example.org", "Groups": "a,b", "Hours": 0}
    assert first["offset"].startswith("itr") and "/rec" in first["offset"]
    last = listed(airtable, pageSize=3, offset=first["offset"])[1]
    assert [record["id"] for record in last["records"]] == ["rec003", "rec004"] and "offset" not in last


def test_airtable_pages_have_100_records_and_no_more(airtable):
    airtable.records = [(f"rec{n}", {}) for n in range(101)]
    assert len(listed(airtable)[1]["records"]) == 100
    for size in (0, 101, "ten"):
        assert listed(airtable, pageSize=size) == (422, Airtable.INVALID_REQUEST.body)


def test_airtable_takes_the_tables_id_and_ignores_view_and_formula(airtable):
    status, body = listed(airtable, "tblFakeTable00001", view="Grid view", filterByFormula="{Active}")
    assert status == 200 and len(body["records"]) == 5
    assert listed(airtable, nonsense="1")[0] == 422


def test_airtable_gives_the_fields_asked_for_and_knows_no_others(airtable):
    assert listed(airtable, fields=["Email", "Note"])[1]["records"][0]["fields"] == {"Email": "0@example.org"}
    assert listed(airtable, fields="E-mail") == (
        422,
        {"error": {"type": "UNKNOWN_FIELD_NAME", "message": 'Unknown field name: "E-mail"'}},
    )


def test_airtable_offsets_are_good_only_if_issued_and_not_expired(airtable):
    offset = listed(airtable, pageSize=2)[1]["offset"]
    assert listed(airtable, offset=offset) == listed(airtable, offset=offset)
    assert listed(airtable, offset="itr1/rec1") == (422, Airtable.ITERATOR_GONE.body)
    assert listed(airtable, offset="rec1")[1]["error"]["type"] == "INVALID_OFFSET_VALUE"
    airtable.expire_iterators()
    assert listed(airtable, offset=offset)[1]["error"]["type"] == "LIST_RECORDS_ITERATOR_NOT_AVAILABLE"


def test_airtable_records_may_change_between_pages(airtable):
    offset = listed(airtable, pageSize=2)[1]["offset"]
    airtable.records = [("rec004", {"Email": "new@example.org"}), ("rec999", {})]
    assert [(record["id"], record["fields"]) for record in listed(airtable, offset=offset)[1]["records"]] == [
        ("rec004", {"Email": "new@example.org"})
    ]


def test_airtable_refuses_who_may_not_and_what_is_not_there(airtable):
    assert listed(airtable, token=None) == (401, Airtable.AUTHENTICATION_REQUIRED.body)
    assert listed(airtable, token="other") == (401, Airtable.INVALID_TOKEN.body)
    assert listed(airtable, base="app2") == listed(airtable, "Others") == (403, Airtable.NOT_PERMITTED.body)
    assert call(airtable, "/v0/app1", Authorization="Bearer pat")[::2] == (404, {"error": "NOT_FOUND"})


def test_airtable_refuses_the_sixth_request_of_a_second_and_then_all_for_a_while():
    with Airtable("pat", "app1", "Agents", penalty=0.3) as peer:
        assert [listed(peer, "Agents")[0] for _ in range(6)] == [200] * 5 + [429]
        assert listed(peer, "Agents")[1]["errors"][0]["error"] == "RATE_LIMIT_REACHED"
        time.sleep(1.05)
        assert listed(peer, "Agents")[0] == 200


# Resend


def test_resend_accepts_a_mail_in_the_normal_form(resend):
    sent = MAIL | {
        "to": "Ann <ann@example.org>",
        "reply_to": "me@example.com",
        "headers": {"List-Unsubscribe": "<https://x>"},
    }
    status, headers, body = send(resend, sent, key="k")
    (mail,) = resend.mails
    assert status == 200 and body == {"id": mail.id}
    assert {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"} <= {name.lower() for name in headers}
    assert (mail.to, mail.sender, mail.subject, mail.html, mail.text) == (
        ["ann@example.org"],
        sent["from"],
        "Hours",
        "<p>8</p>",
        "8",
    )
    assert mail.headers == {"List-Unsubscribe": "<https://x>", "Reply-To": "me@example.com"} and (
        mail.key,
        mail.raw,
    ) == ("k", sent)


@pytest.mark.parametrize(
    "change, name, message",
    [
        ({"subject": None}, "missing_required_field", "Missing `subject` field."),
        ({"from": ""}, "missing_required_field", "Missing `from` field."),
        ({"to": []}, "missing_required_field", "Missing `to` field."),
        ({"html": "", "text": None}, "validation_error", "Missing `html` or `text` field."),
        ({"to": ["ann"]}, "validation_error", "Invalid `to` field."),
        ({"to": [f"{n}@example.org" for n in range(51)]}, "validation_error", "50"),
        ({"headers": {"X": 1}}, "validation_error", "headers"),
        ({"tags": [{"name": "a b", "value": "1"}]}, "validation_error", "Tags"),
    ],
)
def test_resend_refuses_a_mail_that_is_not_right(resend, change, name, message):
    status, _, body = send(resend, MAIL | change)
    assert (status, body["statusCode"], body["name"]) == (422, 422, name) and message in body["message"]
    assert resend.mails == []


def test_resend_refuses_what_is_not_json_and_who_has_no_key_or_name(resend):
    assert call(resend, "/emails", b"{", Content_Type="application/json", Authorization="Bearer re_key")[0] == 400
    assert call(resend, "/emails", MAIL)[::2] == (401, Resend.MISSING_API_KEY.body)
    assert call(resend, "/emails", MAIL, Authorization="Bearer other")[::2] == (403, Resend.INVALID_API_KEY.body)
    assert send(resend, User_Agent="")[0] == 403
    assert resend.mails == []


def test_resend_answers_a_key_seen_within_a_day_with_the_same_id(resend):
    first, again = send(resend, key="k"), send(resend, key="k")
    assert first[2] == again[2] and len(resend.mails) == 1
    assert send(resend, MAIL | {"subject": "Other"}, key="k")[::2] == (409, Resend.OTHER_BODY.body)
    assert send(resend)[2] != send(resend)[2]
    resend.pass_time(DAY)
    assert send(resend, key="k")[2] != first[2]


@pytest.mark.parametrize("fault", [AcceptThenHang(), Hang(), Slow(60)])
def test_resend_refuses_a_key_that_is_still_under_way(resend, fault):
    resend.next(fault)
    waiting = InBackground(resend, "/emails", MAIL, Authorization="Bearer re_key", Idempotency_Key="k")
    until(lambda: resend.held)
    assert send(resend, key="k")[::2] == (409, Resend.CONCURRENT.body)
    resend.release()
    waiting.result()
    assert send(resend, key="k")[0] == 200
    assert len(resend.mails) == 1


def test_resend_refuses_keys_of_no_or_over_256_characters(resend):
    assert send(resend, key="k" * 256)[0] == 200
    assert send(resend, key="k" * 257)[::2] == send(resend, key="")[::2] == (400, Resend.INVALID_KEY.body)


def test_resend_refuses_more_than_its_rate():
    with Resend("re_key", requests_per_second=2) as peer:
        status, headers, body = [send(peer) for _ in range(3)][2]
        assert (status, body["name"], headers["ratelimit-limit"], headers["retry-after"]) == (
            429,
            "rate_limit_exceeded",
            "2",
            "1",
        )
        assert len(peer.mails) == 2


@pytest.mark.parametrize(
    "fault, name",
    [
        (Resend.RATE_LIMITED, "rate_limit_exceeded"),
        (Resend.DAILY_QUOTA, "daily_quota_exceeded"),
        (Resend.MONTHLY_QUOTA, "monthly_quota_exceeded"),
    ],
)
def test_resend_names_which_quota_was_exceeded(resend, fault, name):
    resend.next(fault)
    status, headers, body = send(resend)
    assert (status, body["statusCode"], body["name"]) == (429, 429, name) and int(headers["retry-after"]) > 0


def test_resend_shows_its_domains_to_a_key_with_full_access(resend):
    assert call(resend, "/domains", Authorization="Bearer re_key")[::2] == (200, {"data": []})
    assert call(resend, "/domains", Authorization="Bearer other")[::2] == (401, Resend.INVALID_API_KEY_SEEN.body)
    with Resend("re_key", sending_only=True) as peer:
        assert call(peer, "/domains", Authorization="Bearer re_key")[::2] == (401, Resend.RESTRICTED_API_KEY.body)
        assert send(peer)[0] == 200


# Loops


def test_loops_accepts_a_mail_in_the_normal_form(loops):
    variables = {"name": "Ann", "hours": 7.5, "days": [{"day": "Mon", "hours": 8}], "none": []}
    status, headers, body = send_by_loops(loops, LOOPS_MAIL | {"dataVariables": variables}, key="k")
    assert (status, body) == (200, {"success": True})
    assert (headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]) == ("10", "9")
    (mail,) = loops.mails
    assert (mail.to, mail.subject, mail.html, mail.text, mail.key) == (["ann@example.org"], None, None, None, "k")
    assert mail.variables == variables


@pytest.mark.parametrize(
    "change",
    [{"email": None}, {"email": "ann"}, {"transactionalId": ""}, {"dataVariables": []}]
    + [{"dataVariables": {"x": value}} for value in (None, True, {"a": 1}, ["a"], [{"a": None}], [{"a": []}])],
)
def test_loops_refuses_a_mail_that_is_not_right(loops, change):
    status, _, body = send_by_loops(loops, LOOPS_MAIL | change)
    assert (status, body["success"]) == (400, False) and body["message"]
    assert loops.mails == []


def test_loops_refuses_a_mail_without_a_variable_of_its_template():
    with Loops("loops-key", "cm1", variables=["name", "hours"]) as peer:
        assert send_by_loops(peer)[2]["error"]["path"] == "dataVariables.hours"


def test_loops_knows_one_transactional_mail_and_one_key(loops):
    assert send_by_loops(loops, LOOPS_MAIL | {"transactionalId": "cm2"})[0] == 404
    assert send_by_loops(loops, token="other")[::2] == (401, {"error": "Invalid API key"})
    assert call(loops, "/api/v1/api-key", Authorization="Bearer loops-key")[::2] == (
        200,
        {"success": True, "teamName": "Fake team"},
    )
    assert call(loops, "/api/v1/api-key", Authorization="Bearer other")[::2] == (401, {"error": "Invalid API key"})
    assert call(loops, "/api/v1/transactional", Authorization="Bearer loops-key")[0] == 405


def test_loops_refuses_a_key_used_within_a_day_for_every_body(loops):
    assert [send_by_loops(loops, key="k")[0], send_by_loops(loops, key="k")[0]] == [200, 409]
    assert send_by_loops(loops, LOOPS_MAIL | {"email": "bob@example.org"}, key="k")[0] == 409
    assert send_by_loops(loops, key="k" * 101)[0] == 400
    assert len(loops.mails) == 1
    loops.pass_time(DAY)
    assert send_by_loops(loops, key="k")[0] == 200


def test_loops_refuses_more_than_ten_in_a_second(loops):
    assert [send_by_loops(loops)[0] for _ in range(11)] == [200] * 10 + [429]


# Mailgun


def test_mailgun_accepts_a_form_in_the_normal_form_each_time_again(mailgun):
    form = FORM | {
        "to": ["Ann <ann@example.org>", "bob@example.org, cy@example.org"],
        "h:Reply-To": "me@example.com",
        "o:tag": ["a", "b"],
    }
    answers = [send_by_mailgun(mailgun, form) for _ in range(2)]
    assert [answer[0] for answer in answers] == [200, 200]
    assert [answer[2] for answer in answers] == [
        {"id": mail.id, "message": "Queued. Thank you."} for mail in mailgun.mails
    ]
    mail = mailgun.mails[0]
    assert mail.id != mailgun.mails[1].id and mail.id.startswith("<") and mail.id.endswith("@mg.example.com>")
    assert (mail.to, mail.subject, mail.html, mail.text) == (
        ["ann@example.org", "bob@example.org", "cy@example.org"],
        "Hours",
        "<p>8</p>",
        "8",
    )
    assert mail.headers == {"Reply-To": "me@example.com"} and mail.raw["o:tag"] == ["a", "b"]


def test_mailgun_accepts_multipart_to_the_byte(mailgun):
    form = FORM | {"text": "grüße\r\n\r\n--line--\n", "h:X-Id": "7"}
    body = (
        "".join(
            f'--b0\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in form.items()
        )
        + "--b0--\r\n"
    )
    status, _, _ = call(
        mailgun,
        "/v3/mg.example.com/messages",
        body.encode(),
        Authorization=basic("mg-key"),
        Content_Type="multipart/form-data; boundary=b0",
    )
    assert status == 200
    assert (mailgun.mails[0].text, mailgun.mails[0].headers) == ("grüße\r\n\r\n--line--\n", {"X-Id": "7"})


@pytest.mark.parametrize(
    "change, message",
    [
        ({"from": ""}, "from parameter is missing"),
        ({"to": ""}, "to parameter is missing"),
        ({"subject": ""}, "subject parameter is missing"),
        ({"text": "", "html": ""}, "Need at least one of"),
        ({"to": "ann"}, "to parameter is not a valid address"),
        ({"h:X": "x" * 17000}, "limited to 16 kB"),
    ],
)
def test_mailgun_refuses_a_mail_that_is_not_right(mailgun, change, message):
    status, _, body = send_by_mailgun(mailgun, FORM | change)
    assert status == 400 and message in body["message"]
    assert mailgun.mails == []


def test_mailgun_sees_no_parameter_in_json(mailgun):
    assert call(mailgun, "/v3/mg.example.com/messages", FORM, Authorization=basic("mg-key"))[::2] == (
        400,
        {"message": "from parameter is missing"},
    )


def test_mailgun_knows_one_key_and_one_domain(mailgun):
    assert send_by_mailgun(mailgun, key="other")[::2] == (401, "Forbidden")
    assert send_by_mailgun(mailgun, domain="other.org")[::2] == (404, {"message": "Domain not found: other.org"})
    assert call(mailgun, "/v3/domains/mg.example.com", Authorization=basic("mg-key"))[2]["domain"]["state"] == "active"
    assert call(mailgun, "/v3/domains/other.org", Authorization=basic("mg-key"))[0] == 404
    assert call(mailgun, "/v3/domains/mg.example.com")[::2] == (401, "Forbidden")
    with Mailgun("mg-key", "mg.example.com", sending_only=True) as peer:
        assert call(peer, "/v3/domains/mg.example.com", Authorization=basic("mg-key"))[0] == 401
        assert send_by_mailgun(peer)[0] == 200
