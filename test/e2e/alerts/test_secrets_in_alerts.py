"""No secret, no payload and no client's or agent's data is in what a webhook is given; no address of a webhook or of a
heartbeat is in a log, an error or the database."""

import json
import subprocess

import psycopg

from airtable_peer import Airtable
from alert_world import ANN, by_resend, provider, template, webhook, world  # noqa: F401
from conftest import SUPERUSER_URI
from peer_server import Reset, Status
from stage import guid
from webhook_peer import Heartbeat, Webhook

pytestmark = by_resend
NAMES = ["Maria", "Santos", "Bluefin", "Daughters", "cleo@client.example", "client.example", ANN]
SECRETS = [Webhook.SECRET, Heartbeat.SECRET, "pat-hush-hush", "key-hush-hush"]
DETAIL = 'Maria Santos <maria@client.example> of Bluefin & Daughters: {"pin": 4711}'
# Each kind, with a subject as its kind has them.
KINDS = {
    "stale_feed": "",
    "failing_runs": "sync",
    "deletions_held": "agent 1",
    "audit_differs": "week 2026-11-16",
    "digest_overdue": "week 2026-11-16",
    "digest_failed": "digest 43",
    "digest_in_doubt": "digest 44",
    "entries_rejected": "",
    "contact_problems": "",
    "sender_refused": "",
    "poller_unreachable": "sync",
    "notification_failed": f"email {ANN}",
}


def server_log():
    with psycopg.connect(SUPERUSER_URI) as db:
        return db.execute("SELECT pg_read_file('server.log')").fetchone()[0]


def dump(uri):
    return subprocess.run(["pg_dump", "--inserts", uri], check=True, stdout=subprocess.PIPE, text=True).stdout


def queue(world, addresses=(), has_webhook=True):
    world.db.execute(
        "SELECT timesheet.queue_notifications(%s::text[], %s, 'https://hours.example.com')",
        (list(addresses), has_webhook),
    )


def test_of_each_kind_a_post_has_neither_the_detail_nor_a_name(world):
    """What update_alerts() would end at once is queued by hand."""
    for kind, subject in KINDS.items():
        world.begins(subject, kind, DETAIL)
    queue(world)
    bodies = [body for (body,) in world.db.execute("SELECT body FROM timesheet.webhook_messages")]
    assert len(bodies) == len(KINDS)
    for body in bodies:
        for private in (*NAMES, "4711", "pin", "agent 1", "maria"):
            assert private not in body.replace("pinging", ""), body


def test_of_each_kind_a_post_has_a_title_and_what_it_means_and_what_to_do(world):
    numbers = {world.begins(subject, kind, DETAIL) for kind, subject in KINDS.items()}
    queue(world)
    rows = world.db.execute("SELECT kind, alert_ids, body FROM timesheet.webhook_messages").fetchall()
    assert {kind for kind, *_ in rows} == set(KINDS) and {n for _, ids, _ in rows for n in ids} == numbers
    for kind, _, body in rows:
        said = world.db.execute("SELECT title, meaning, remedy FROM timesheet.alert_texts(%s)", (kind,)).fetchone()
        assert all(said) and all(text in body for text in said)


def test_no_address_of_a_webhook_or_heartbeat_is_in_a_log_or_in_the_database(world, provider, webhook):
    """Also where it answers with its own address, and at any level."""
    echo = f"no channel {Webhook.SECRET} at {webhook.address}"
    world.begins(detail=DETAIL)
    logs = []
    with Heartbeat() as heartbeat, Airtable(
        "pat-hush-hush", "appBase", "Clients", listed(), fields=["Email", "Jibble Group ID"], requests_per_second=1000
    ) as airtable:
        heartbeat.next(*[Status(500, f"no check {heartbeat.address}")] * 9)
        variables = {
            "LOG_LEVEL": "trace",
            "HEARTBEAT_URL": heartbeat.address,
            "AIRTABLE_TOKEN": "pat-hush-hush",
            "AIRTABLE_BASE_ID": "appBase",
            "AIRTABLE_API_URL": airtable.url,
        }
        for fault in (Status(404, echo), Status(301, echo, {"Location": webhook.address}), Reset(), Status(500, echo)):
            webhook.next(fault)
            for command in (("digest", "send"), ("contacts",)):
                done = world.daemon(*command, **variables)
                logs.append(done.stdout + done.stderr)
            world.attempts_are_due()
        for command in (("check",), ("check", "--send-test"), ("metrics",), ("digest", "send")):
            webhook.next(Status(404, echo))
            done = world.daemon(*command, LOG_FORMAT="json", **variables)
            logs.append(done.stdout + done.stderr)
        unreachable = f"http://127.0.0.1:1/services/{Webhook.SECRET}"
        world.attempts_are_due()
        logs.append(world.daemon("digest", "send", **variables | {"ALERT_WEBHOOK_URL": unreachable}).stderr)
    assert world.open_alerts("notification_failed")
    kept = dump(world.uri)
    assert "no channel" in kept
    for where, text in (("a log", "\n".join(logs)), ("the database", kept), ("the server's log", server_log())):
        for secret in SECRETS:
            assert secret not in text, f"{secret} is in {where}"
    assert "4711" not in "\n".join(post.text for post in webhook.posts)


def listed():
    return [("rec1", {"Email": "cleo@client.example", "Jibble Group ID": guid("group", 1)}), ("rec2", {"Email": "x"})]


def test_hostile_details_break_no_email(world, provider):
    """Braces of a template, markup and line ends are text, and headers stay the ones they were."""
    detail = "{{secret}} {{{raw}}} <script>alert(1)</script> </td> &amp; \r\nBcc: all@example.com\u2028 \U0001f4a5"
    world.begins("agent 1", detail=detail)
    world.notify()
    (mail,) = provider.peer.mails
    assert "<script" not in mail.html and "&lt;script&gt;" in mail.html and "{{secret}}" in mail.html
    assert mail.to == [ANN] and "\n" not in mail.subject and "Bcc" not in json.dumps(mail.headers)
    assert "<script>alert(1)</script>" in mail.text
