"""The fakes of a webhook and of a heartbeat service answer as the real ones do."""

import urllib.error
import urllib.request

import pytest

from peer_calls import call
from webhook_peer import Heartbeat, Webhook


@pytest.fixture
def webhook():
    with Webhook() as peer:
        yield peer


@pytest.fixture
def heartbeat():
    with Heartbeat() as peer:
        yield peer


def post(webhook, body, **headers):
    return call(webhook, webhook.address.removeprefix(webhook.url), body, **headers)[::2]


def test_a_text_is_accepted_and_kept(webhook):
    assert post(webhook, {"text": "Problem: something\nalerts 41, 42"}) == (200, "ok")
    (kept,) = webhook.posts
    assert (kept.title, kept.alerts) == ("Problem: something", [41, 42])


@pytest.mark.parametrize(
    "body, answer",
    [
        ({"text": " "}, (400, "no_text")),
        ({"text": 1}, (400, "invalid_payload")),
        ({"text": "a", "more": "b"}, (400, "invalid_payload")),
        (["a"], (400, "invalid_payload")),
        (b"{", (400, "invalid_payload")),
    ],
)
def test_anything_else_is_refused(webhook, body, answer):
    assert post(webhook, body, Content_Type="application/json") == answer and webhook.posts == []


def test_only_the_whole_address_is_known(webhook):
    for path in ("/services/other", f"/services/{Webhook.SECRET}", f"/services/{Webhook.SECRET}?key=other"):
        assert call(webhook, path, {"text": "a"})[0] == 404
    assert webhook.posts == []


def test_it_refuses_for_as_long_as_it_is_told_to(webhook):
    webhook.refusal = Webhook.GONE
    assert post(webhook, {"text": "a"}) == (410, "channel_is_archived")
    webhook.refusal = None
    assert post(webhook, {"text": "b"}) == (200, "ok")
    assert [kept.text for kept in webhook.posts] == ["b"]


def test_a_heartbeat_is_counted_at_its_address_alone(heartbeat):
    urllib.request.urlopen(heartbeat.address).close()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(heartbeat.url + "/ping/other")
    assert heartbeat.beats == 1


def test_one_of_teams_takes_a_card_and_no_bare_text(webhook):
    webhook.takes_cards = True
    card = {"type": "AdaptiveCard", "version": "1.2", "body": [{"type": "TextBlock", "text": "a", "wrap": True}]}
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    assert post(webhook, {"text": "a"})[0] == 400
    assert post(webhook, {"type": "message", "attachments": []})[0] == 400
    assert post(webhook, {"type": "message", "attachments": [attachment]})[0] == 202
    assert [kept.text for kept in webhook.posts] == ["a"]
