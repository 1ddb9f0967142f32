"""What a webhook is sent: the form is known by the host of its address alone, and no text breaks it."""

import json

import psycopg
import pytest

from alert_world import by_resend, provider, template, webhook, world  # noqa: F401
from tls_front import Authority, ConnectProxy, TlsFront

HOSTILE = 'Problem: <!channel> & <https://evil.example|click> "quoted" \\ \u2028 \U0001f4a5\nsecond line\t*bold*'


@pytest.fixture(scope="module")
def db(migrated_database):
    with psycopg.connect(migrated_database(), autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize(
    "url, form",
    [
        ("https://hooks.slack.com/services/T0/B0/x", "slack"),
        ("https://HOOKS.Slack.com/services/T0/B0/x", "slack"),
        ("https://hooks.slack.com:443/services/T0/B0/x", "slack"),
        ("https://hooks.slack-gov.com/services/T0/B0/x", "slack"),
        ("https://acme.webhook.office.com/webhookb2/x@y/IncomingWebhook/z", "teams"),
        ("https://prod-12.westeurope.logic.azure.com:443/workflows/x/triggers/manual/paths/invoke?sig=y", "teams"),
        ("https://d.ef.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/x", "teams"),
        ("https://mattermost.example.com/hooks/x", "generic"),
        ("https://example.com/hooks.slack.com/services", "generic"),
        ("https://example.com/?to=https://acme.webhook.office.com/", "generic"),
        ("https://hooks.slack.com.example.com/services", "generic"),
        ("https://nothooks-slack.com/services", "generic"),
        ("https://evilslack.com/services", "generic"),
        ("https://evil-webhook.office.com.example.com/", "generic"),
        ("https://example.com#hooks.slack.com", "generic"),
        ("http://127.0.0.1:8080/hooks.slack.com", "generic"),
    ],
)
def test_the_form_is_known_by_the_host_alone(db, url, form):
    assert db.execute("SELECT timesheet.webhook_form(%s)", (url,)).fetchone() == (form,)


def made(db, form, text=HOSTILE):
    return json.loads(db.execute("SELECT timesheet.webhook_json(%s, %s)", (form, text)).fetchone()[0])


def test_the_generic_form_is_the_text_as_it_is(db):
    assert made(db, "generic") == {"text": HOSTILE}


def test_slack_gets_the_text_with_its_own_three_characters_escaped(db):
    """So that nothing in it is a link or calls anybody: &, < and > alone, as Slack asks for."""
    assert made(db, "slack") == {"text": HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}


def test_teams_gets_a_card_with_the_text(db):
    message = made(db, "teams")
    assert message["type"] == "message"
    (attachment,) = message["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert card["type"] == "AdaptiveCard" and card["version"]
    (block,) = card["body"]
    assert block["type"] == "TextBlock" and block["wrap"] is True and "second line" in block["text"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@by_resend
@pytest.mark.parametrize("host, form", [("hooks.slack.com", "slack"), ("acme.webhook.office.com", "teams")])
def test_timesheetd_posts_in_the_form_that_the_database_would(world, webhook, authority, host, form):
    """Through a proxy, at whose end a fake has the certificate of the real host."""
    webhook.takes_cards = form == "teams"
    front = TlsFront(authority, host, int(webhook.url.rsplit(":", 1)[1]))
    proxy = ConnectProxy(int(front.url.rsplit(":", 1)[1]))
    number = world.begins()
    world.notify(
        ALERT_EMAILS=None,
        ALERT_WEBHOOK_URL=f"https://{host}{webhook.path}",
        HTTPS_PROXY=proxy.url,
        SSL_CERT_FILE=str(authority.file),
    )
    proxy.stop()
    front.stop()
    assert proxy.asked == [f"{host}:443"] and world.posted() == [[number]]
    (body,) = world.db.execute("SELECT body FROM timesheet.webhook_messages").fetchone()
    assert webhook.posts[0].json == made(world.db, form, body)
