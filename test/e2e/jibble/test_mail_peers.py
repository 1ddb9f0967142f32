"""The fake mail services, Resend, Loops and Mailgun, answer as the real ones do."""

import pytest

from mail_peers import DAY, Loops, Mailgun, Resend
from peer_server import AcceptThenHang, Hang, Slow
from peer_calls import loops, mailgun, resend  # noqa: F401 (fixtures)
from peer_calls import FORM, InBackground, LOOPS_MAIL, MAIL, basic, call, send, send_by_loops, send_by_mailgun, until


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
