"""Links to the portal: who gets a fresh one and how often, when links end, and what the roles may do about them."""

import datetime
import hashlib
import json
import time
import uuid

import psycopg
import pytest

from logins import login  # noqa: F401 (a fixture)
from portal_world import ANN, BLUEFIN, BOB, LABS, READS, UNA, answers, digest_of, new_token, read
from portal_world import original, world  # noqa: F401 (fixtures)

STRANGER = "stranger@elsewhere.example"


def ask(world, *addresses):  # noqa: F811
    with world.asks() as db:
        for address in addresses:
            assert db.execute("SELECT timesheet.portal_request_link(%s)", (address,)).fetchone() == ("",)


def queue(world, is_served=True):  # noqa: F811
    """(is_open, queued, refused), as timesheetd has them."""
    with psycopg.connect(world.ingest_uri, autocommit=True) as db:
        return db.execute(
            "SELECT is_open, queued, refused FROM timesheet.queue_portal_links(%s)", (is_served,)
        ).fetchone()


def queued(world):  # noqa: F811
    return world.db.execute(
        "SELECT recipient FROM timesheet.outbox WHERE kind = 'portal_link' AND state = 'queued' ORDER BY 1"
    ).fetchall()


def send_queued(world):  # noqa: F811
    """Sends what is queued, with a token each; the tokens by address."""
    tokens = {}
    for delivery, recipient in world.db.execute(
        "SELECT delivery_id, recipient FROM timesheet.outbox WHERE state = 'queued'"
    ).fetchall():
        tokens[recipient] = new_token()
        assert world.send(delivery, tokens[recipient])
    return tokens


def requests(world):  # noqa: F811
    return world.db.execute("SELECT count(*) FROM timesheet.portal_requests").fetchone()[0]


def is_live(world, token):  # noqa: F811
    with world.asks() as db:
        found = answers(db, token)
    assert bool(found["portal_session"]) == bool(found["portal_weekly"])
    return bool(found["portal_session"])


def test_a_contact_that_asks_gets_one_e_mail_with_a_link(world):  # noqa: F811
    ask(world, f"  {ANN.upper()}\u200b ", ANN, ANN)
    assert requests(world) == 1 and queue(world) == (True, 1, 0) and requests(world) == 0
    with psycopg.connect(world.ingest_uri) as db:
        kind, email, subject, content, unsubscribe = db.execute(
            "SELECT kind, email, subject, content, unsubscribe_token FROM timesheet.next_delivery()"
        ).fetchone()
    assert (kind, email, subject, unsubscribe) == ("portal_link", ANN, "Your link to your hours", None)
    assert content == {
        "subject": "Your link to your hours",
        "clients": ["Bluefin", "Bluefin Labs"],
        "has_others": False,
        "others": "",
        "days": 35,
    }
    (token,) = send_queued(world).values()
    assert is_live(world, token) and queue(world) == (True, 0, 0)


def test_the_e_mail_names_five_clients_and_counts_the_others(world):  # noqa: F811
    for n in range(10, 16):
        world.stage.client_group(n, f"Shop {n}")
    world.stage.contact(ANN, BLUEFIN, LABS, *range(10, 16))
    (content,) = world.db.execute("SELECT timesheet.portal_link_content(%s)", (world.contact_id(ANN),)).fetchone()
    assert (content["clients"], content["has_others"], content["others"]) == (
        ["Bluefin", "Bluefin Labs", "Shop 10", "Shop 11", "Shop 12"],
        True,
        "and 3 others",
    )
    world.stage.contact(ANN, BLUEFIN, LABS, *range(10, 14))
    (content,) = world.db.execute("SELECT timesheet.portal_link_content(%s)", (world.contact_id(ANN),)).fetchone()
    assert content["others"] == "and 1 other"


def test_who_unsubscribed_still_gets_a_link_and_who_was_removed_does_not(world):  # noqa: F811
    ask(world, UNA, BOB, STRANGER)
    assert queue(world) == (True, 2, 0) and queued(world) == [(BOB,), (UNA,)]
    world.stage.contact(ANN, BLUEFIN, LABS, more=((UNA, BLUEFIN),))  # Bob is gone since
    deliveries = dict(
        world.db.execute("SELECT recipient, delivery_id FROM timesheet.outbox WHERE kind = 'portal_link'").fetchall()
    )
    token = new_token()
    assert not world.send(deliveries[BOB], new_token()) and world.send(deliveries[UNA], token)
    assert is_live(world, token)
    assert world.db.execute("SELECT recipient, state, error FROM timesheet.outbox ORDER BY recipient").fetchall() == [
        (BOB, "failed", "the contact was removed or has unsubscribed"),
        (UNA, "sent", None),
    ]
    # Nor is a digest sent to who unsubscribed.
    (digest,) = world.db.execute(
        "SELECT timesheet.snapshot_digest(%s, %s)", (world.contact_id(UNA), world.week)
    ).fetchone()
    assert not world.send(digest, new_token())
    ask(world, BOB)
    assert queue(world) == (True, 0, 0) and requests(world) == 0


def test_what_waits_is_kept_for_who_unsubscribed_and_not_for_who_was_removed(world):  # noqa: F811
    """When a pass begins, and when the sender died in the midst."""
    ask(world, UNA, BOB)
    queue(world)
    with psycopg.connect(world.ingest_uri, autocommit=True) as db:
        (una,) = world.db.execute("SELECT delivery_id FROM timesheet.outbox WHERE recipient = %s", (UNA,)).fetchone()
        assert db.execute(
            "SELECT timesheet.begin_attempt(%s, 'resend', 'h', 'b', %s)", (una, digest_of(new_token()))
        ).fetchone() == (True,)
        world.db.execute("UPDATE timesheet.contacts SET removed_at = now() WHERE email = %s", (BOB,))
        db.execute("SELECT timesheet.recover_deliveries('resend', '1 day')")
    assert world.db.execute("SELECT recipient, state FROM timesheet.outbox ORDER BY 1").fetchall() == [
        (BOB, "failed"),
        (UNA, "queued"),
    ]


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE timesheet.contacts SET removed_at = now() WHERE email = %s",
        "UPDATE timesheet.contacts SET missing_since = now() WHERE email = %s",
        "DELETE FROM timesheet.contact_client_groups USING timesheet.contacts AS c "
        "WHERE c.contact_id = contact_client_groups.contact_id AND c.email = %s",
    ],
    ids=["removed", "held back", "without a client group"],
)
def test_who_is_not_listed_gets_none(world, harm):  # noqa: F811
    world.db.execute(harm, (ANN,))
    ask(world, ANN, BOB)
    assert queue(world) == (True, 1, 0) and queued(world) == [(BOB,)] and requests(world) == 0


def test_at_most_three_an_hour_for_an_address_and_none_while_one_waits(world):  # noqa: F811
    sent = []
    for n in range(5):
        ask(world, ANN)
        sent.append(queue(world)[1])
        ask(world, ANN)
        assert queue(world) == (True, 0, 0)  # one waits
        send_queued(world)
    assert sent == [1, 1, 1, 0, 0]
    ask(world, BOB)
    assert queue(world) == (True, 1, 0)
    send_queued(world)
    world.db.execute(
        "UPDATE timesheet.outbox_messages SET created_at = created_at - interval '61 minutes' WHERE recipient = %s",
        (ANN,),
    )
    ask(world, ANN)
    assert queue(world) == (True, 1, 0)


def test_a_flood_of_one_address_is_one_row_and_one_e_mail_and_digests_do_not_wait(world):  # noqa: F811
    with world.asks() as db:
        for _ in range(300):
            db.execute("SELECT timesheet.portal_request_link(%s)", (ANN,))
    assert world.db.execute("SELECT cardinality(asked_at) FROM timesheet.portal_requests").fetchall() == [(3,)]
    (digest,) = world.db.execute(
        "SELECT timesheet.snapshot_digest(%s, %s)", (world.contact_id(BOB), world.week)
    ).fetchone()
    assert queue(world) == (True, 1, 0)
    with psycopg.connect(world.ingest_uri, autocommit=True) as db:
        kinds = []
        for _ in range(2):
            delivery, kind = db.execute("SELECT delivery_id, kind FROM timesheet.next_delivery()").fetchone()
            kinds.append(kind)
            world.send(delivery, new_token())
        assert sorted(kinds) == ["digest", "portal_link"]
        assert db.execute("SELECT delivery_id FROM timesheet.next_delivery()").fetchone() == (None,)


def test_a_flood_of_many_addresses_is_bounded_and_is_answered_alike(world):  # noqa: F811
    """Full: nothing more is kept, also not of a contact; what is older than an hour makes room again."""
    world.db.execute(
        "INSERT INTO timesheet.portal_requests SELECT sha256(n::text::bytea), ARRAY[now()], now() "
        "FROM generate_series(1, 99999) AS n"
    )
    ask(world, STRANGER)
    assert requests(world) == 100_000
    ask(world, ANN)
    assert requests(world) == 100_000
    world.db.execute(
        "UPDATE timesheet.portal_requests SET last_asked_at = now() - interval '61 minutes' "
        "WHERE address_sha256 IN (SELECT r.address_sha256 FROM timesheet.portal_requests AS r LIMIT 150)"
    )
    ask(world, ANN)
    assert requests(world) == 99_901
    begin = time.monotonic()
    assert queue(world) == (True, 1, 0) and requests(world) == 0
    assert time.monotonic() - begin < 10


def test_what_was_asked_more_than_an_hour_ago_is_not_answered(world):  # noqa: F811
    ask(world, ANN)
    world.db.execute("UPDATE timesheet.portal_requests SET last_asked_at = now() - interval '61 minutes'")
    assert queue(world) == (True, 0, 0) and requests(world) == 0


@pytest.mark.parametrize("days, is_served", [(0, True), (35, False), (35, None), (0, False)])
def test_where_the_portal_is_closed_requests_are_refused(world, days, is_served):  # noqa: F811
    world.db.execute("UPDATE timesheet.settings SET portal_link_days = %s", (days,))
    ask(world, ANN, ANN, BOB, STRANGER)
    assert queue(world, is_served) == (False, 0, 3)
    assert (requests(world), queued(world), queue(world, is_served)) == (0, [], (False, 0, 0))


def test_the_form_keeps_no_address(world):  # noqa: F811
    ask(world, ANN, "someone.else@private.example")
    rows = world.db.execute("SELECT r::text FROM timesheet.portal_requests AS r").fetchall()
    assert len(rows) == 2 and not any("@" in row for row, in rows)
    assert world.db.execute(
        "SELECT count(*) FROM timesheet.portal_requests WHERE address_sha256 = %s",
        (hashlib.sha256(ANN.encode()).digest(),),
    ).fetchone() == (1,)


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        " ",
        "\u202e",
        "x" * 1_000_000,
        "@" * 400,
        "é" * 100_000,
        "'; DROP TABLE timesheet.contacts; --",
        "\\",
        "%",
    ],
    ids=lambda address: "null" if address is None else f"{address[:5]!a} of {len(address)}",
)
def test_every_text_is_answered_alike(world, address):  # noqa: F811
    ask(world, address)
    assert requests(world) == 1 and queue(world) == (True, 0, 0)


def test_asking_waits_for_no_lock_of_ours(world):  # noqa: F811
    """Nor for a session that just answers the same address."""
    with psycopg.connect(world.uri) as busy, world.asks() as db:
        for lock in ("digest_lock", "digest_queue_lock", "contacts_lock", "operator_lock"):
            busy.execute(f"LOCK TABLE timesheet.{lock} IN SHARE UPDATE EXCLUSIVE MODE")
        busy.execute("SELECT timesheet.lock_writers()")
        busy.execute("SELECT FROM timesheet.contacts FOR UPDATE")
        db.execute("SET statement_timeout = '20s'")
        db.execute("SELECT timesheet.portal_request_link(%s)", (ANN,))
        assert requests(world) == 1
        busy.execute("DELETE FROM timesheet.portal_requests")
        begin = time.monotonic()
        db.execute("SELECT timesheet.portal_request_link(%s)", (ANN,))
        assert time.monotonic() - begin < 5


def test_a_session_of_the_portal_that_stays_open_delays_nobody(world):  # noqa: F811
    """Its own request waits for the next pass; digests, other requests, revoking and the list of contacts do not."""
    token, bobs = world.link(ANN), world.link(BOB)
    ask(world, ANN)
    with psycopg.connect(world.portal_uri) as idle, psycopg.connect(world.uri, autocommit=True) as owner:
        idle.execute("SELECT timesheet.portal_request_link(%s)", (ANN,))
        idle.execute("SELECT timesheet.portal_opened(%s)", (token,))
        idle.execute("SELECT timesheet.portal_opened(%s)", (bobs,))
        owner.execute("SET lock_timeout = '10s'")
        ask(world, UNA)
        assert owner.execute("SELECT queued FROM timesheet.queue_portal_links(true)").fetchone() == (1,)
        assert queued(world) == [(UNA,)] and requests(world) == 1
        owner.execute("SELECT timesheet.queue_digests()")
        assert owner.execute("SELECT timesheet.revoke_portal_links(%s)", (ANN,)).fetchone() == (1,)
        owner.execute("UPDATE timesheet.contacts SET removed_at = now() WHERE email = %s", (BOB,))
        assert not is_live(world, token) and not is_live(world, bobs)
    assert queue(world) == (True, 1, 0) and requests(world) == 0


def test_an_address_gets_six_links_a_day(world):  # noqa: F811
    for hours_ago in (23, 22, 20, 10, 5):
        world.link(ANN)
        world.db.execute(
            "UPDATE timesheet.outbox_messages SET created_at = now() - make_interval(hours => %s)"
            " WHERE created_at > now() - interval '1 minute'",
            (hours_ago,),
        )
    ask(world, ANN)
    assert queue(world) == (True, 1, 0) and len(send_queued(world)) == 1
    ask(world, ANN, UNA)
    assert queue(world) == (True, 1, 0) and queued(world) == [(UNA,)]
    world.db.execute(
        "UPDATE timesheet.outbox_messages SET created_at = now() - interval '25 hours'"
        " WHERE created_at < now() - interval '22 hours 30 minutes'"
    )
    ask(world, ANN)
    assert queue(world) == (True, 1, 0)


def test_a_link_is_made_by_an_attempt_that_begins_and_only_by_what_has_one(world):  # noqa: F811
    """Not by one that does not begin, nor by a preview for staff; a further attempt keeps the first link."""
    delivery, token = world.digest(ANN)
    assert is_live(world, token)
    assert not world.send(delivery, new_token())  # it was sent
    assert world.db.execute("SELECT count(*) FROM timesheet.portal_links").fetchone() == (1,)
    (preview,) = world.db.execute(
        "SELECT timesheet.send_preview(%s, %s, 'staff@agency.example')", (ANN, world.week)
    ).fetchone()
    hidden = new_token()
    assert world.send(preview, hidden) and not is_live(world, hidden)
    (digest,) = world.db.execute(
        "SELECT timesheet.snapshot_digest(%s, %s)", (world.contact_id(BOB), world.week)
    ).fetchone()
    bobs = new_token()
    assert world.send(digest, bobs, outcome="queued") and is_live(world, bobs)
    world.db.execute("UPDATE timesheet.portal_links SET created_at = created_at - interval '1 day'")
    assert world.send(digest, bobs)
    assert world.db.execute(
        "SELECT created_at < now() - interval '23 hours' FROM timesheet.portal_links WHERE token_sha256 = %s",
        (digest_of(bobs),),
    ).fetchone() == (True,)


def test_what_is_no_hash_is_refused_and_the_e_mail_waits(world):  # noqa: F811
    (digest,) = world.db.execute(
        "SELECT timesheet.snapshot_digest(%s, %s)", (world.contact_id(ANN), world.week)
    ).fetchone()
    with psycopg.connect(world.ingest_uri, autocommit=True) as db:
        with pytest.raises(psycopg.errors.CheckViolation, match="token_sha256_must_have_32_bytes"):
            db.execute("SELECT timesheet.begin_attempt(%s, 'resend', 'h', 'b', %s)", (digest, b"short"))
        assert db.execute("SELECT delivery_id FROM timesheet.next_delivery()").fetchone() == (digest,)


def test_an_attempt_without_a_hash_makes_no_link(world):  # noqa: F811
    """As from a timesheetd without PORTAL_URL, whose call has four arguments."""
    (digest,) = world.db.execute(
        "SELECT timesheet.snapshot_digest(%s, %s)", (world.contact_id(ANN), world.week)
    ).fetchone()
    with psycopg.connect(world.ingest_uri, autocommit=True) as db:
        assert db.execute("SELECT timesheet.begin_attempt(%s, 'resend', 'h', 'b')", (digest,)).fetchone() == (True,)
    assert world.db.execute("SELECT count(*) FROM timesheet.portal_links").fetchone() == (0,)


def age(world, token, days):  # noqa: F811
    world.db.execute(
        "UPDATE timesheet.portal_links SET created_at = now() - %s * interval '24 hours' WHERE token_sha256 = %s",
        (days, digest_of(token)),
    )


def set_days(world, days):  # noqa: F811
    world.db.execute(
        "SELECT timesheet.operate_update_settings('staff@agency.example', %s)",
        (json.dumps({"portal_link_days": days}),),
    )


def test_a_lower_setting_ends_links_for_good(world):  # noqa: F811
    old, young, expired = (world.link(ANN) for _ in range(3))
    age(world, old, 20)
    age(world, expired, 36)
    assert (is_live(world, old), is_live(world, young), is_live(world, expired)) == (True, True, False)
    set_days(world, 10)
    assert (is_live(world, old), is_live(world, young)) == (False, True)
    set_days(world, 366)
    assert (is_live(world, old), is_live(world, young), is_live(world, expired)) == (False, True, False)
    assert world.db.execute(
        "SELECT ended_because, count(*) FROM timesheet.portal_links GROUP BY 1 ORDER BY 1"
    ).fetchall() == [("too_old", 2), (None, 1)]
    set_days(world, 0)
    assert not is_live(world, young)
    set_days(world, 35)
    assert not is_live(world, young) and is_live(world, world.link(ANN))


@pytest.mark.parametrize("days", [-1, 367, 1_000_000])
def test_the_setting_has_bounds(world, days):  # noqa: F811
    with pytest.raises(psycopg.errors.CheckViolation, match="portal_link_days_must_be_from_0_to_366"):
        set_days(world, days)
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="the setting portal_link_days cannot be null"):
        world.db.execute(
            "SELECT timesheet.operate_update_settings('staff@agency.example', '{\"portal_link_days\": null}')"
        )


def test_the_links_of_a_contact_that_is_removed_end_for_good(world):  # noqa: F811
    token = world.link(BOB)
    world.stage.contact(ANN, BLUEFIN, LABS, more=((UNA, BLUEFIN),))
    assert not is_live(world, token)
    world.stage.contact(ANN, BLUEFIN, LABS, more=((UNA, BLUEFIN), (BOB, 2)))
    assert not is_live(world, token) and is_live(world, world.link(BOB))
    assert world.db.execute(
        "SELECT ended_because FROM timesheet.portal_links WHERE token_sha256 = %s", (digest_of(token),)
    ).fetchone() == ("removed",)


def test_erasing_a_contact_leaves_no_link_and_no_request(world):  # noqa: F811
    world.link(BOB), world.link(ANN)
    ask(world, BOB, ANN)
    world.stage.contact(ANN, BLUEFIN, LABS, more=((UNA, BLUEFIN),))
    world.db.execute("SELECT timesheet.erase_contact(%s)", (BOB,))
    assert world.db.execute("SELECT DISTINCT contact_id FROM timesheet.portal_links").fetchall() == [
        (world.contact_id(ANN),)
    ]
    assert queue(world) == (True, 1, 0) and queued(world) == [(ANN,)]


def test_staff_see_who_opened_the_portal_and_revoke_its_links(world, login):  # noqa: F811
    uri = login(world.uri, "timesheet_operator")[1]
    _, token = world.digest(ANN)
    other = world.link(ANN)
    age(world, other, 40)
    with world.asks() as db:
        for _ in range(3):
            db.execute("SELECT timesheet.portal_opened(%s)", (token,))
        db.execute("SELECT timesheet.portal_opened(%s)", (other,))
    with psycopg.connect(uri, autocommit=True) as staff:
        rows = staff.execute("SELECT * FROM timesheet.portal_openings ORDER BY email").fetchall()
        (contact, email, links, live, sent, until, first, last, count, why), *others = rows
        assert (email, links, live, count, why) == (ANN, 2, 1, 3, None)
        assert first < last and until - sent == datetime.timedelta(35)
        assert [(row[1], *row[2:]) for row in others] == [
            (each, 0, 0, None, None, None, None, 0, None) for each in (BOB, UNA)
        ]
        request = uuid.uuid4()
        for _ in range(2):  # the same form sent twice
            assert staff.execute(
                "SELECT timesheet.operate_revoke_portal_links('jo@agency.example', %s, %s)", (ANN, request)
            ).fetchone() == (1,)
        assert not is_live(world, token)
        with pytest.raises(psycopg.errors.NoDataFound):
            staff.execute("SELECT timesheet.operate_revoke_portal_links('jo@agency.example', %s)", (STRANGER,))
        assert staff.execute("SELECT action, arguments, result FROM timesheet.operator_actions").fetchall() == [
            ("revoke_portal_links", {"email": ANN}, 1)
        ]


def test_staff_look_at_what_a_contact_sees_and_that_is_recorded(world, login):  # noqa: F811
    uri = login(world.uri, "timesheet_operator")[1]
    token = world.link(ANN)
    with world.asks() as db:
        session = [tuple(row.values())[1:] for row in read(db, "portal_session", token)]
    with psycopg.connect(uri, autocommit=True) as staff:
        request = uuid.uuid4()
        look = "SELECT * FROM timesheet.operate_view_portal('jo@agency.example', %s, %s)"
        for _ in range(2):
            rows = staff.execute(look, (ANN, request)).fetchall()
            assert [row[0] for row in rows] == [None, None] and [row[1:] for row in rows] == session
        assert staff.execute("SELECT actor, action, arguments FROM timesheet.operator_actions").fetchall() == [
            ("jo@agency.example", "view_portal", {"email": ANN})
        ]
        with pytest.raises(psycopg.errors.NoDataFound):
            staff.execute(look, (STRANGER, None))
        for nobody in (None, " "):
            with pytest.raises(psycopg.errors.InvalidParameterValue, match="the actor is"):
                staff.execute("SELECT * FROM timesheet.operate_view_portal(%s, %s)", (nobody, ANN))
        world.db.execute("UPDATE timesheet.contacts SET missing_since = now() WHERE email = %s", (ANN,))
        why = "SELECT shows_nothing_because FROM timesheet.portal_openings WHERE email = %s"
        assert staff.execute(look, (ANN, None)).fetchall() == []
        assert "its removal is held back" in staff.execute(why, (ANN,)).fetchone()[0]
        world.db.execute("UPDATE timesheet.contacts SET missing_since = NULL WHERE email = %s", (ANN,))
        world.db.execute("DELETE FROM timesheet.contact_client_groups WHERE contact_id = %s", (world.contact_id(ANN),))
        assert staff.execute(look, (ANN, None)).fetchall() == []
        assert staff.execute(why, (ANN,)).fetchone() == ("it has no client group",)


def test_the_role_reads_no_table_and_calls_nothing_else(world):  # noqa: F811
    with world.asks() as db:
        relations = db.execute(
            "SELECT n.nspname || '.' || c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
            "WHERE n.nspname ~ '^timesheet' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        ).fetchall()
        assert len(relations) > 80
        for (relation,) in relations:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(f"SELECT FROM {relation} LIMIT 1")
        called = db.execute(
            "SELECT p.proname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace "
            "WHERE n.nspname ~ '^timesheet' AND has_function_privilege(p.oid, 'EXECUTE') ORDER BY 1"
        ).fetchall()
        assert [name for name, in called] == sorted([*READS, "portal_opened", "portal_request_link"])
        for call in ("contact_weekly(1, NULL, NULL)", "contact_of_token('')", "revoke_portal_links('')"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(f"SELECT timesheet.{call}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("SET ROLE timesheet_reader")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("CREATE TABLE timesheet.mine ()")
        # A table of its own does not come before ours.
        db.execute("CREATE TEMP TABLE contacts (contact_id int)")
        db.execute("SET search_path = pg_temp, timesheet")
        assert read(db, "portal_session", world.link(ANN))


def test_no_other_role_calls_what_a_token_opens(world, login):  # noqa: F811
    for role in ("reader", "operator", "ingest", "client", "unsubscribe"):
        with psycopg.connect(login(world.uri, f"timesheet_{role}")[1], autocommit=True) as db:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute("SELECT * FROM timesheet.portal_session(NULL)")
            if role in ("client", "unsubscribe"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    db.execute("SELECT * FROM timesheet.contact_weekly(1, NULL, NULL)")
