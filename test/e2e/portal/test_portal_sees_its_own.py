"""A token shows its contact's own hours and nothing of another's: on data where two contacts share agents and days,
by every function of the portal, whatever the token."""

import collections
import datetime
import decimal
import json
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from logins import login  # noqa: F401 (a fixture)
from portal_world import AGENTS, ANN, BEA, BLUEFIN, BOB, BOBS_SHIFTS, LABS, MARIA, NAMESAKE, NORTHWIND, READS, SHIFTS
from portal_world import TOM, UNA
from portal_world import World, answers, digest_of, new_token, read, seconds
from stage import guid

pytestmark = pytest.mark.every_server

D = decimal.Decimal
NOTHING = {name: [] for name in READS}


@pytest.fixture(scope="module")
def world(migrated_database, login):  # noqa: F811
    """Two digests, each sent with its link, and what is not to be seen besides hours: notes, corrections, e-mails."""
    it = World(migrated_database(), login)
    it.tokens = {email: it.digest(email)[1] for email in (ANN, BOB)} | {UNA: it.link(UNA)}
    # A session of each that nobody ended, and an hour less for each after the digest.
    it.feed([(MARIA, 5, "08:00:00", "08:00:00", 1), (BEA, 5, "07:00:00", "07:00:00", 3)], first=100)
    it.stage.feed(
        "TimeEntries",
        it.event(2 * 3 + 1, MARIA, 1, "16:07:41", "Out", None),
        it.event(2 * 12 + 1, BEA, 0, "12:57:43", "Out", None),
    )
    it.db.execute("SELECT timesheet.refresh()")
    yield it
    it.close()


@pytest.fixture
def portal(world):
    with world.asks() as db:
        db.execute("SET timezone = 'UTC'")
        yield db


def text_of(found):
    return json.dumps(found, default=str)


def numbers(found):
    return {
        value
        for rows in found.values()
        for row in rows
        for value in row.values()
        if isinstance(value, (int, decimal.Decimal)) and not isinstance(value, bool)
    }


def bobs_numbers():
    """Seconds, and hours with two decimals, of his sessions, his agents' days and weeks, and all of them together."""
    sums = collections.Counter()
    for shift in BOBS_SHIFTS:
        agent, day, _, _, activity = shift
        for key in (("session",) + shift, ("day", agent, day), ("agent", agent), ("activity", activity), ("all",)):
            sums[key] += seconds(shift)
    return {
        *sums.values(),
        *(
            (D(s) / 3600).quantize(D("0.01"), rounding=r)
            for s in sums.values()
            for r in ("ROUND_FLOOR", "ROUND_CEILING")
        ),
    }


def test_what_is_searched_for_is_there_for_the_one_whose_it_is(world, portal):
    """Else the next test says nothing."""
    his = answers(portal, world.tokens[BOB])
    for name in READS:
        assert his[name] != [], name
        assert "Northwind Traders" in text_of(his[name]), name
    said = text_of(his)
    assert "Bea Quiambao" in said and "Secret merger" in said and "Maria Santos" in said
    assert {seconds(s) for s in BOBS_SHIFTS if s[0] != BEA} <= numbers(his)
    assert D("9.33") in numbers(his) and all("15:47:53" in text_of(his[name]) for name in ("portal_attendance",))


@pytest.mark.parametrize(
    "bounds", [(None, None), ("week", "week"), ("-infinity", "infinity"), ("today", None)], ids=str
)
def test_no_answer_holds_anything_of_another_contact(world, portal, bounds):
    since, until = bounds if bounds[0] != "week" else (world.day(-7), world.day(14))
    hers = {name: read(portal, name, world.tokens[ANN], since, until) for name in READS}
    said = text_of(hers)
    if bounds[0] != "today":
        assert all(hers.values()) and "Maria Santos" in said and "Tom Cruz" in said
    for word in (
        "Northwind",
        "Bea Quiambao",
        "Secret merger",
        BOB,
        UNA,
        "agency.example",
        "555 0100",
        "typed in Jibble",
    ):
        assert word.lower() not in said.lower(), word
    for kind, count in (("agent", 9), ("group", 9), ("activity", 9), ("event", 300)):
        for n in range(count):
            assert guid(kind, n) not in said, (kind, n)
    assert re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-", said) is None  # no id of Jibble's nor of an e-mail
    for row in (row for rows in hers.values() for row in rows):
        assert row.get("client_group_id") in (None, world.ids["group"][BLUEFIN], world.ids["group"][LABS])
        assert row.get("agent_id") in (None, *(world.ids["agent"][a] for a in (MARIA, NAMESAKE, TOM)))
        assert row.get("activity_id") in (None, *(world.ids["activity"][a] for a in (1, 2)))
    assert numbers({n: rows for n, rows in hers.items() if n != "portal_session"}) & bobs_numbers() <= {1, 2, 3}
    for shift in BOBS_SHIFTS:
        if shift[0] == TOM:
            assert not any(clock in text_of(hers["portal_attendance"]) for clock in shift[2:4]), shift


def test_each_hour_of_hers_is_there_as_counted_by_hand(world, portal):
    """After the correction, and with the session that nobody ended: 16 h, until midnight."""
    hers = [s for s in SHIFTS if s not in BOBS_SHIFTS]
    wanted = {
        (world.day(day), world.ids["agent"][agent], activity and world.ids["activity"][activity]): seconds(
            (agent, day, begin, end if (agent, day) != (MARIA, 1) else "16:07:41", activity)
        )
        for agent, day, begin, end, activity in hers
    } | {(world.day(5), world.ids["agent"][MARIA], world.ids["activity"][1]): 16 * 3600}
    rows = read(portal, "portal_daily", world.tokens[ANN])
    assert {(r["workday"], r["agent_id"], r["activity_id"]): r["work_seconds"] for r in rows} == wanted
    assert len(rows) == len(wanted) and {r["client_group"] for r in rows} == {"Bluefin"}
    assert [r["unconfirmed_hours"] for r in rows if r["workday"] == world.day(5)] == [D("16.00")]
    days = {(r["workday"], r["agent_id"]): r for r in read(portal, "portal_attendance", world.tokens[ANN])}
    assert set(days) == {(day, agent) for day, agent, _ in wanted}
    shared = days[world.day(2), world.ids["agent"][TOM]]
    utc = datetime.timezone.utc
    assert (shared["clock_in"], shared["clock_out"], shared["last_activity_at"], shared["work_hours"]) == (
        datetime.datetime.combine(world.day(2), datetime.time(8, 0, 0), utc),
        datetime.datetime.combine(world.day(2), datetime.time(11, 11, 11), utc),
        datetime.datetime.combine(world.day(2), datetime.time(11, 11, 11), utc),
        D("3.19"),
    )
    # In Chicago it was six hours earlier; summer time or not, Manila's clock is eight ahead.
    namesake = days[world.day(2), world.ids["agent"][NAMESAKE]]
    assert namesake["clock_in_local"].time() == datetime.time(16, 0)
    assert namesake["clock_in_client"].hour in (2, 3) and namesake["client_group_time_zone"] == "America/Chicago"


def test_namesakes_are_kept_apart_by_numbers_and_only_those_that_are_hers(world, portal):
    names = {r["agent_id"]: r["agent"] for r in read(portal, "portal_weekly", world.tokens[ANN])}
    assert names == {
        **{world.ids["agent"][a]: f"Maria Santos (no. {world.ids['agent'][a]})" for a in (MARIA, NAMESAKE)},
        world.ids["agent"][TOM]: "Tom Cruz",
    }
    for name in ("portal_daily", "portal_attendance"):
        assert {r["agent_id"]: r["agent"] for r in read(portal, name, world.tokens[ANN])} == names
    assert {r["agent"] for r in read(portal, "portal_weekly", world.tokens[BOB])} == {
        "Maria Santos",  # his only one
        "Tom Cruz",
        "Bea Quiambao",
    }
    (digest,) = read(portal, "portal_digests", world.tokens[ANN])
    assert f"8.00 h of {names[world.ids['agent'][MARIA]]}<" in digest["html"]


def test_a_contact_that_has_unsubscribed_looks_at_its_own(world, portal):
    hers = answers(portal, world.tokens[UNA])
    assert [r["client_group"] for r in hers["portal_session"]] == ["Bluefin"] and hers["portal_digests"] == []
    assert hers["portal_weekly"] and "Northwind" not in text_of(hers) and "Bluefin Labs" not in text_of(hers)


def test_notes_are_those_of_clients_and_what_changed_since_the_digest(world, portal):
    """8.13 h became 7.13 h; of the session that nobody ended, a note and 16 h that the digest did not have."""
    names = {"maria": f"Maria Santos (no. {world.ids['agent'][MARIA]})", "group": "Bluefin"}
    rows = read(portal, "portal_notes", world.tokens[ANN])
    assert sorted((r["workday"], r["code"], r["agent"], r["client_group"], r["detail"]) for r in rows) == [
        (world.day(1), "corrected", names["maria"], "Bluefin", "8.13 h in the e-mail, 7.13 h now"),
        (world.day(5), "corrected", names["maria"], "Bluefin", "0.00 h in the e-mail, 16.00 h now"),
        (world.day(5), "long_session", names["maria"], "Bluefin", "work of 16:00:00, longer than 12:00:00"),
        (world.day(5), "missing_clock_out", names["maria"], "Bluefin", "no clock-out; counted 16:00:00"),
    ]
    assert [r["at"] is None for r in rows] == [r["code"] == "corrected" for r in rows]
    assert read(portal, "portal_notes", world.tokens[ANN], world.day(2), world.day(5)) == []
    assert [r["code"] for r in read(portal, "portal_notes", world.tokens[ANN], world.day(1), world.day(2))] == [
        "corrected"
    ]


def test_a_digest_is_shown_as_it_was_sent_without_what_only_its_reader_may_have(world, portal):
    (shown,) = read(portal, "portal_digests", world.tokens[ANN])
    assert (shown["week"], shown["subject"]) == (
        world.week,
        f"Bluefin and Bluefin Labs: 35.41 h in the week of {world.week.day} {world.week:%b %Y}",
    )
    assert shown["html"] == f"<p>8.00 h of Maria Santos (no. {world.ids['agent'][MARIA]})</p>"


def test_staff_see_the_same_as_the_contact(world, portal, login):  # noqa: F811
    contact = world.contact_id(ANN)
    _, reader = login(world.uri, "timesheet_reader")
    with psycopg.connect(reader) as db:
        db.execute("SET timezone = 'UTC'")
        for name in READS:
            if name != "portal_session":
                its = "contact_portal_notes" if name == "portal_notes" else name.replace("portal_", "contact_")
                bounds = "" if name == "portal_digests" else ", NULL, NULL"
                rows = db.execute(f"SELECT * FROM timesheet.{its}(%s{bounds})", (contact,)).fetchall()
                hers = [tuple(r.values()) for r in read(portal, name, world.tokens[ANN])]
                assert sorted(map(str, rows)) == sorted(map(str, hers)) and rows, name


@pytest.mark.parametrize(
    "token",
    [
        None,
        "",
        " ",
        "A" * 43,
        "-" * 43,
        "%",
        "%" * 43,
        "_" * 43,
        "' OR true --",
        "\\x" + "00" * 20 + "0",
        "é" * 21 + "e",
        "é" * 43,
        "\U0001f600" * 10 + "abc",
        "\u202e" * 14 + "a",
        "a" * 1_000_000,
        "no token",
    ],
    ids=lambda token: "null" if token is None else f"{token[:6]!a} of {len(token)}",
)
def test_a_text_that_is_no_token_shows_nothing_and_is_no_error(portal, token):
    assert answers(portal, token) == NOTHING
    assert portal.execute("SELECT timesheet.portal_opened(%s)", (token,)).fetchone() == ("",)


def test_what_is_nearly_a_token_shows_nothing(world, portal):
    """Cut, longer, in other case, with one character or only the first ones right; and its hash, as a dump has it."""
    token = world.tokens[ANN]
    other = {"A": "B"}.get(token[-1], "A")
    near = [
        token[:-1],
        token[1:],
        token + "=",
        token + " ",
        " " + token,
        token + "\n",
        token + "A",
        token.swapcase(),
        token[:-1] + other,
        other + token[1:],
        token[:22] + new_token()[22:],
        token[::-1],
        digest_of(token).hex(),
        digest_of(token).hex()[:43],
        "\\x" + digest_of(token).hex(),
        digest_of(token).decode("latin1").replace("\0", "0"),
    ]
    for text in near:
        if text != token:
            assert answers(portal, text) == NOTHING, text
    assert all(answers(portal, token).values())


def test_guesses_show_nothing(portal):
    for _ in range(200):
        assert read(portal, "portal_session", new_token()) == []


def openings(world, token):
    return world.db.execute(
        "SELECT coalesce(sum(openings), 0)::int FROM timesheet.portal_visits WHERE token_sha256 = %s",
        (digest_of(token),),
    ).fetchone()[0]


def is_dead(world, portal, token):
    """Shows nothing by any function, and counts no opening."""
    before = openings(world, token)
    found = answers(portal, token)
    portal.execute("SELECT timesheet.portal_opened(%s)", (token,))
    assert openings(world, token) == before or any(found.values())
    return found == NOTHING


def age(world, token, interval):
    world.db.execute(
        "UPDATE timesheet.portal_links SET created_at = now() - %s::interval WHERE token_sha256 = %s",
        (interval, digest_of(token)),
    )


def test_a_link_ends_after_its_days(world, portal):
    token = world.link(ANN)
    age(world, token, "34 days 23:59:30")
    (_, valid_until) = (
        len(read(portal, "portal_session", token)),
        read(portal, "portal_session", token)[0]["valid_until"],
    )
    (now,) = world.db.execute("SELECT now()").fetchone()
    assert datetime.timedelta(0) < valid_until - now <= datetime.timedelta(seconds=30)
    age(world, token, "35 days")
    assert is_dead(world, portal, token) and not is_dead(world, portal, world.tokens[ANN])


def test_a_link_that_was_revoked_shows_nothing_when_it_is_used_again(world, portal):
    tokens = [world.link(UNA), world.link(UNA)]
    delivery, first = world.db.execute(
        "SELECT delivery_id, token_sha256 FROM timesheet.portal_links WHERE token_sha256 = %s", (digest_of(tokens[0]),)
    ).fetchone()
    assert not any(is_dead(world, portal, token) for token in tokens)
    assert world.db.execute("SELECT timesheet.revoke_portal_links(%s)", (UNA.upper(),)).fetchone() == (3,)
    assert all(is_dead(world, portal, token) for token in (*tokens, world.tokens[UNA]))
    # A further attempt of the same e-mail has the same token.
    world.db.execute("UPDATE timesheet.outbox_messages SET state = 'queued' WHERE delivery_id = %s", (delivery,))
    assert world.send(delivery, tokens[0]) and is_dead(world, portal, tokens[0])
    assert world.db.execute("SELECT timesheet.revoke_portal_links(%s)", (UNA,)).fetchone() == (0,)
    world.tokens[UNA] = world.link(UNA)  # a later e-mail's
    assert not is_dead(world, portal, world.tokens[UNA]) and not is_dead(world, portal, world.tokens[ANN])


def test_a_contact_that_loses_a_group_or_is_held_back_sees_that_at_once(world, portal):
    token = world.tokens[ANN]

    def groups():
        return [r["client_group"] for r in read(portal, "portal_session", token)]

    assert groups() == ["Bluefin", "Bluefin Labs"] and len(read(portal, "portal_digests", token)) == 1
    with world.db.transaction(force_rollback=False):
        world.db.execute(
            "DELETE FROM timesheet.contact_client_groups WHERE contact_id = %s AND client_group_id = %s",
            (world.contact_id(ANN), world.ids["group"][LABS]),
        )
    # The digest named Bluefin Labs.
    assert groups() == ["Bluefin"] and read(portal, "portal_digests", token) == []
    assert "Labs" not in text_of(answers(portal, token)) and read(portal, "portal_weekly", token)
    world.db.execute("DELETE FROM timesheet.contact_client_groups WHERE contact_id = %s", (world.contact_id(ANN),))
    assert is_dead(world, portal, token)
    world.db.execute(
        "INSERT INTO timesheet.contact_client_groups SELECT %s, g FROM unnest(%s::int[]) AS g",
        (world.contact_id(ANN), [world.ids["group"][g] for g in (BLUEFIN, LABS)]),
    )
    assert groups() == ["Bluefin", "Bluefin Labs"] and len(read(portal, "portal_digests", token)) == 1
    world.db.execute("UPDATE timesheet.contacts SET missing_since = now() WHERE email = %s", (ANN,))
    assert is_dead(world, portal, token)
    world.db.execute("UPDATE timesheet.contacts SET missing_since = NULL WHERE email = %s", (ANN,))
    assert not is_dead(world, portal, token)


def test_dead_tokens_take_the_same_time_whatever_is_right_of_them(world, portal):
    """Medians of many, by turns: half as much again, and a tenth of a millisecond, is what a busy machine may add."""
    live = world.tokens[ANN]
    expired, revoked = world.link(ANN), world.link(ANN)
    age(world, expired, "36 days")
    world.db.execute(
        "UPDATE timesheet.portal_links SET ended_at = now(), ended_because = 'revoked' WHERE token_sha256 = %s",
        (digest_of(revoked),),
    )
    kinds = {
        "wrong": new_token(),
        "the first half right": live[:21] + new_token()[21:],
        "all but the last right": live[:-1] + {"A": "B"}.get(live[-1], "A"),
        "cut": live[:-1],
        "expired": expired,
        "revoked": revoked,
        "null": None,
    }
    for attempt in range(5):
        took = collections.defaultdict(list)
        for _ in range(150):
            for kind, token in kinds.items():
                begin = time.perf_counter()
                portal.execute(READS["portal_session"], {"token": token}).fetchall()
                took[kind].append(time.perf_counter() - begin)
        medians = {kind: statistics.median(times) for kind, times in took.items()}
        if max(medians.values()) <= 1.5 * min(medians.values()) + 0.0001:
            return
    pytest.fail(f"seconds: {medians}")


def test_a_hundred_openings_at_once_are_counted_each(world):
    """By sessions that all wait for the same row at first."""
    token = world.link(ANN)
    with world.asks() as db:
        db.execute("SELECT timesheet.portal_opened(%s)", (token,))
    with psycopg.connect(world.uri) as holder, ThreadPoolExecutor(20) as pool:
        holder.execute("SELECT FROM timesheet.portal_visits WHERE token_sha256 = %s FOR UPDATE", (digest_of(token),))

        def five_times():
            with world.asks() as db:
                for _ in range(5):
                    db.execute("SELECT timesheet.portal_opened(%s)", (token,))
                    assert len(read(db, "portal_session", token)) == 2

        done = [pool.submit(five_times) for _ in range(20)]
        time.sleep(0.5)
        begin = time.monotonic()
        holder.commit()
        for each in done:
            each.result(timeout=60)
        assert time.monotonic() - begin < 30
    first, last, count = world.db.execute(
        "SELECT first_opened_at, last_opened_at, openings FROM timesheet.portal_visits WHERE token_sha256 = %s",
        (digest_of(token),),
    ).fetchone()
    assert count == 101 and first < last


@pytest.mark.parametrize("isolation", ["read committed", "repeatable read", "serializable"])
def test_bounds_of_any_kind_are_no_error(world, isolation):
    with world.asks() as db:
        db.execute(f"SET default_transaction_isolation = '{isolation}'")
        for name in READS:
            for since, until in (
                ("4714-11-24 BC", "5874897-12-31"),
                ("5874897-12-31", "4714-11-24 BC"),
                ("infinity", "-infinity"),
                ("-infinity", None),
                (None, "infinity"),
            ):
                rows = read(db, name, world.tokens[ANN], since, until)
                if since in ("5874897-12-31", "infinity") and name not in ("portal_session", "portal_digests"):
                    assert rows == [], name
                else:
                    assert rows, (name, since, until)


def test_no_row_is_older_than_400_days(world, portal):
    old = [(MARIA, -7 * 57 - 3, "09:00:00", "17:00:00", 1), (MARIA, -7 * 57 + 10, "09:00:00", "17:00:00", 1)]
    today = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=14)).date()
    old = [(MARIA, (today - world.week).days - n, "09:00:00", "17:00:00", 1) for n in (402, 398)]
    world.feed(old, first=200)
    world.db.execute("SELECT timesheet.refresh()")
    days = {r["workday"] for r in read(portal, "portal_daily", world.tokens[ANN], "-infinity")}
    assert (today - min(days)).days == 398
    assert world.day(old[0][1]) not in {r["workday"] for r in read(portal, "portal_attendance", world.tokens[ANN])}


def test_neither_a_name_nor_a_code_shows_an_address(world, portal):
    """As where a person was made without a name, or with the address as code. The codes keep the namesakes apart."""
    world.stage.feed(
        "People",
        *(
            {
                "id": guid("agent", n),
                "fullName": name,
                "email": AGENTS[n][1],
                "code": code,
                "status": "Joined",
                "groupId": guid("group", AGENTS[n][2]),
                "ICultureSettings/TimeZone": "UTC",
            }
            for n, name, code in (
                (TOM, "Tom@Agency.example", None),
                (MARIA, "Maria Santos", "17"),
                (NAMESAKE, "Maria Santos", AGENTS[NAMESAKE][1]),
            )
        ),
    )
    hers = answers(portal, world.tokens[ANN])
    assert "agency.example" not in text_of(hers).lower()
    assert {r["agent_id"]: r["agent"] for r in hers["portal_weekly"]} == {
        world.ids["agent"][TOM]: "(unnamed agent)",
        world.ids["agent"][MARIA]: "Maria Santos (17)",
        world.ids["agent"][NAMESAKE]: f"Maria Santos (no. {world.ids['agent'][NAMESAKE]})",
    }


def test_an_agent_without_a_name_is_not_called_by_its_address(world, portal):
    """Neither by the present address nor by an earlier one; nor where it belongs to the client no more."""
    for n, name in ((TOM, "tom.earlier@agency.example"), (MARIA, AGENTS[MARIA][1])):
        world.stage.feed(
            "People",
            {
                "id": guid("agent", n),
                "fullName": name,
                "email": AGENTS[n][1],
                "status": "Joined",
                "groupId": guid("group", AGENTS[n][2]),
            },
        )
    content = world.db.execute(
        "SELECT timesheet.digest_content(%s, %s)::text", (world.contact_id(ANN), world.week)
    ).fetchone()[0]
    assert "tom.earlier@agency.example" in content  # as Jibble has it
    text = "8.00 h of tom.earlier@agency.example and of maria.one@agency.example"
    _, token = world.digest(ANN, html=text)
    # Of what the digest said of Tom nothing is Ann's any more.
    for (correction,) in world.db.execute(
        "SELECT correction_id FROM timesheet.corrections WHERE agent_id = %s AND revoked_at IS NULL ORDER BY 1 DESC",
        (world.ids["agent"][TOM],),
    ).fetchall():
        world.db.execute("SELECT timesheet.revoke_correction(%s)", (correction,))
    world.db.execute(
        "SELECT timesheet.assign_client_group(%s, %s, '-infinity')",
        (world.ids["agent"][TOM], world.ids["group"][NORTHWIND]),
    )
    world.db.execute("SELECT timesheet.refresh()")
    found = answers(portal, token)
    gone = [n for n in found["portal_notes"] if n["code"] == "corrected" and n["detail"].endswith(" 0.00 h now")]
    assert gone and {n["agent"] for n in gone} == {"(unnamed agent)"}
    html = found["portal_digests"][0]["html"]
    assert html.count("(unnamed agent)") == 2
    assert "@" not in repr(found)
