"""The digests that the portal shows: those that were sent to the contact, as they were sent, without a token, without
the link to unsubscribe, and without the addresses that keep agents of one name apart."""

import json

import psycopg

from logins import login  # noqa: F401 (a fixture)
from portal_world import AGENTS, ANN, BLUEFIN, BOB, LABS, MARIA, NAMESAKE, UNA, read
from portal_world import original, world  # noqa: F401 (fixtures)
from stage import guid

NAME = 'Jo O\'Neil & "Co" <jo>'


def in_html(text):
    for plain, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&apos;")):
        text = text.replace(plain, written)
    return text


def shown(world, token):  # noqa: F811
    with world.asks() as db:
        return read(db, "portal_digests", token)


def labels_of(content):
    """Every agent that the content names."""
    content = json.loads(content)
    return {
        *(a["name"] for g in content["client_groups"] for a in g["agents"]),
        *(n["agent"] for n in content["notes"]),
        *(a["name"] for c in content["corrections"] for a in c["agents"]),
    }


def test_an_address_that_keeps_namesakes_apart_becomes_a_number(world):  # noqa: F811
    """In every place, also where the address is another now; an address that belongs to other text stays."""
    for n in (MARIA, NAMESAKE):
        world.stage.feed(
            "People",
            {
                "id": guid("agent", n),
                "fullName": NAME,
                "email": AGENTS[n][1],
                "status": "Joined",
                "groupId": guid("group", BLUEFIN),
            },
        )
    world.feed([(NAMESAKE, 3, "08:00:00", "08:00:00", 1)], first=300)
    (content,) = world.db.execute(
        "SELECT timesheet.digest_content(%s, %s)::text", (world.contact_id(ANN), world.week)
    ).fetchone()
    labels = sorted(labels_of(content))
    assert [f"{NAME} ({AGENTS[n][1]})" for n in (MARIA, NAMESAKE)] == labels[:2] and labels[2:] == ["Tom Cruz"]
    text = "Support (help@bluefin.example) of " + ", ".join(labels)
    _, token = world.digest(ANN, html=in_html(text).replace("{", "{{").replace("}", "}}"))
    world.db.execute(
        "UPDATE timesheet.agents SET email = 'new@agency.example' WHERE agent_id = %s", (world.ids["agent"][MARIA],)
    )
    wanted = "Support (help@bluefin.example) of " + ", ".join(
        [*(f"{NAME} (no. {world.ids['agent'][n]})" for n in (MARIA, NAMESAKE)), "Tom Cruz"]
    )
    assert [d["html"] for d in shown(world, token)] == [in_html(wanted)]


def test_only_what_was_sent_to_the_contact_is_shown_the_last_first(world):  # noqa: F811
    """Each revision; not what waits, failed or is in doubt, nor another's."""
    first, _ = world.digest(ANN)
    second, token = world.digest(ANN)
    _, bobs = world.digest(BOB)
    for state in ("queued", "failed", "in_doubt"):
        delivery, _ = world.digest(ANN)
        world.db.execute(
            "UPDATE timesheet.digest_deliveries SET state = %s, sent_at = NULL WHERE delivery_id = %s",
            (state, delivery),
        )
    assert [d["delivery"] for d in shown(world, token)] == [second, first]
    assert len(shown(world, bobs)) == 1 and shown(world, world.link(UNA)) == []
    world.db.execute(
        "UPDATE timesheet.digest_deliveries SET sent_at = now() - interval '401 days' WHERE delivery_id = %s", (first,)
    )
    assert [d["delivery"] for d in shown(world, token)] == [second]


def test_a_digest_is_hidden_while_it_names_a_group_that_is_not_the_contacts(world):  # noqa: F811
    both, token = world.digest(ANN)
    world.stage.contact(ANN, BLUEFIN, more=((BOB, 2), (UNA, BLUEFIN)))
    assert shown(world, token) == []
    one, _ = world.digest(ANN)
    assert [d["delivery"] for d in shown(world, token)] == [one]
    world.stage.contact(ANN, BLUEFIN, LABS, more=((BOB, 2), (UNA, BLUEFIN)))
    assert [d["delivery"] for d in shown(world, token)] == [one, both]


def test_neither_the_portal_nor_staff_get_the_place_of_the_token(world, login):  # noqa: F811
    delivery, token = world.digest(ANN)
    (key, unsubscribe) = world.db.execute(
        "SELECT d.idempotency_key::text, c.unsubscribe_token::text FROM timesheet.digest_deliveries AS d "
        "JOIN timesheet.contacts AS c USING (contact_id) WHERE d.delivery_id = %s",
        (delivery,),
    ).fetchone()
    html = [d["html"] for d in shown(world, token)]
    with psycopg.connect(login(world.uri, "timesheet_reader")[1]) as db:
        html += db.execute("SELECT html FROM timesheet.digest_emails").fetchone()
        html += db.execute("SELECT body FROM timesheet.digest_emails").fetchone()
        html += [d for d, in db.execute("SELECT html FROM timesheet.contact_digests(%s)", (world.contact_id(ANN),))]
    assert len(html) == 4
    assert ['href="https://hours.example/portal"' in text for text in html] == [False, True, True, False]
    for text in html:
        assert key not in text and token not in text and "token-of" not in text and unsubscribe not in text


def test_of_a_digest_whose_agent_was_erased_the_text_is_gone(world):  # noqa: F811
    delivery, token = world.digest(ANN)
    world.db.execute("SELECT timesheet.erase_agent(%s)", (world.ids["agent"][MARIA],))
    assert [(d["delivery"], d["html"]) for d in shown(world, token)] == [(delivery, None)]
