"""The morning briefing: what has become certain since the last one, by client and agent, once; none when there is
nothing to say."""

import json
import re

import pytest

from alert_world import ANN, BOB, by_resend, provider, text_of  # noqa: F401
from briefing_world import BEA, BLUEFIN, MARIA, NORTHWIND, TOM, original, office, person  # noqa: F401
from peer_server import AcceptThenHang
from stage import guid, read_html


def test_a_night_shift_without_an_end_is_in_it_16_hours_after_it_began(office, provider):
    """At noon, of one that began at 20:00; not yet of one that began at 22:00."""
    office.entry(MARIA, 1, "20:00")
    office.entry(TOM, 1, "22:00")
    for _ in range(2):
        office.notify()
    (mail,) = office.briefings()
    said = text_of(mail)
    assert "Bluefin & Daughters" in said and "Maria Santos" in said
    assert re.search(r"\b4(\.00?)? h\b", said)  # until midnight
    assert "Tom" not in said and "Northwind" not in said
    assert office.recorded() == [(True, False)]


@by_resend
def test_the_next_one_has_what_has_become_certain_since(office):
    office.entry(MARIA, 1, "20:00")
    office.entry(TOM, 1, "22:00")
    office.notify()
    office.a_night_passes()
    office.db.execute("UPDATE timesheet.settings SET max_session = '13 hours'")  # in place of three more hours
    office.notify()
    (_, mail) = office.briefings()
    assert "Tom Cruz" in text_of(mail) and re.search(r"\b2(\.00?)? h\b", text_of(mail))
    assert "Maria" not in text_of(mail)


@by_resend
def test_the_agents_next_entry_makes_it_certain_before(office):
    """22:00, and an entry at 06:00 the next day: 8 hours over midnight are the likelier forgotten clock-out."""
    office.entry(MARIA, 1, "22:00")
    office.entry(MARIA, 0, "06:00")
    office.entry(MARIA, 0, "11:00", "Out")
    office.notify()
    (mail,) = office.briefings()
    assert "Maria Santos" in text_of(mail) and re.search(r"\b2(\.00?)? h\b", text_of(mail))


@by_resend
def test_an_open_break_is_in_it_and_is_not_counted(office):
    office.entry(MARIA, 1, "09:00")
    office.entry(MARIA, 1, "12:00", "StartBreak")
    office.notify()
    (mail,) = office.briefings()
    assert "Maria Santos" in text_of(mail) and "break" in text_of(mail).lower() and "not counted" in text_of(mail)


@by_resend
def test_a_session_that_ended_is_not_in_it(office):
    office.shift(MARIA, 1)
    office.entry(TOM, 0, "09:00")  # at work
    office.entry(BEA, 1, "09:00")
    office.entry(BEA, 1, "17:00", "Out", clientType="AutoOut")
    office.notify()
    assert office.briefings() == [] and office.recorded() == [(True, True)]


@by_resend
def test_none_is_sent_where_there_is_nothing_and_what_comes_later_waits_for_tomorrow(office):
    office.notify()
    assert office.briefings() == [] and office.recorded() == [(True, True)]
    office.entry(MARIA, 1, "20:00")
    office.notify()
    assert office.briefings() == []
    office.a_night_passes()
    office.notify()
    assert len(office.briefings()) == 1


@by_resend
def test_it_is_not_sent_before_its_time_and_later_on_that_day_if_nobody_was_there(office):
    office.entry(MARIA, 1, "20:00")
    office.db.execute("UPDATE timesheet.settings SET briefing_time = '23:59'")
    office.notify()
    assert office.briefings() == [] and office.recorded() == []
    office.db.execute("UPDATE timesheet.settings SET briefing_time = '06:30'")
    office.notify()
    assert len(office.briefings()) == 1


@by_resend
def test_the_first_one_ever_is_about_the_last_week_alone(office):
    """Nobody wants to read of all that was ever forgotten; nor does it come later."""
    office.entry(TOM, 10, "09:00")
    office.entry(MARIA, 4, "09:00")
    office.notify()
    (mail,) = office.briefings()
    assert "Maria" in text_of(mail) and "Tom" not in text_of(mail)
    office.a_night_passes()
    office.entry(BEA, 1, "09:00")
    office.notify()
    (_, mail) = office.briefings()
    assert "Bea" in text_of(mail) and "Tom" not in text_of(mail) and "Maria" not in text_of(mail)


@by_resend
def test_days_without_a_briefing_are_covered_by_the_next(office):
    office.shift(MARIA, 6)
    office.notify()
    office.a_night_passes(4)
    office.entry(MARIA, 3, "09:00")
    office.entry(TOM, 10, "09:00")  # known for more than a week
    office.notify()
    (mail,) = office.briefings()
    assert "Maria" in text_of(mail) and "Tom" not in text_of(mail)


@by_resend
def test_after_holidays_nothing_since_the_last_one_is_missing(office):
    office.shift(MARIA, 20)
    office.notify()
    office.a_night_passes(12)
    office.entry(MARIA, 10, "09:00")
    office.entry(TOM, 14, "09:00")  # known before the last one was made
    office.notify()
    (mail,) = office.briefings()
    assert "Maria" in text_of(mail) and "Tom" not in text_of(mail)


@by_resend
def test_what_was_mended_in_between_is_not_in_it(office):
    office.entry(MARIA, 1, "09:00")
    office.entry(MARIA, 1, "17:00", "Out")
    office.notify()
    assert office.briefings() == []


def test_each_address_gets_it_once_through_a_crash(office, provider):
    office.entry(MARIA, 1, "20:00")
    provider.peer.next(AcceptThenHang())
    office.notify_killed(lambda: provider.peer.mails, ALERT_EMAILS=f"{ANN},{BOB}")
    provider.peer.release()
    for _ in range(2):
        office.attempts_are_due()
        office.notify(ALERT_EMAILS=f"{ANN},{BOB}")
    numbers = {ANN: len(office.briefings(ANN)), BOB: len(office.briefings(BOB))}
    assert sorted(numbers.values()) == ([1, 1] if provider.repeats else [1, 2])  # Mailgun knows no repeated e-mail
    assert office.db.execute("SELECT DISTINCT kind, state FROM timesheet.outbox").fetchall() == [("briefing", "sent")]


@by_resend
def test_passes_at_once_send_one(office):
    office.entry(MARIA, 1, "20:00")
    processes = [office.daemon.start("digest", "send") for _ in range(3)]
    errors = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], errors
    assert len(office.briefings()) == 1


@by_resend
def test_without_an_address_none_is_made_and_who_comes_later_gets_it(office):
    office.entry(MARIA, 1, "20:00")
    office.notify(ALERT_EMAILS=None)
    assert office.provider.peer.mails == [] and office.recorded() == []
    office.notify()
    assert len(office.briefings()) == 1


@by_resend
def test_who_has_become_silent_is_a_reason_to_send_and_is_listed_until_heard_of(office):
    for days_ago in range(10, 5, -1):
        office.shift(TOM, days_ago)
    office.notify()
    (mail,) = office.briefings()
    assert "Tom Cruz" in text_of(mail) and "Northwind Traders" in text_of(mail)
    office.a_night_passes()
    office.notify()
    assert len(office.briefings()) == 1  # that he is still silent is no reason
    office.a_night_passes()
    office.entry(MARIA, 1, "20:00")
    office.notify()
    assert "Tom Cruz" in text_of(office.briefings()[1])


@by_resend
def test_what_needs_a_decision_is_a_reason_to_send(office):
    number = office.begins("agent 1", detail="2 entries of Maria Santos are kept until a person decides")
    office.notify()
    (mail,) = office.briefings()
    assert office.title() in text_of(mail) and "2 entries of Maria Santos are kept" in text_of(mail)
    office.a_night_passes()
    office.notify()
    assert len(office.briefings()) == 1  # that it is still open is no reason
    office.a_night_passes()
    office.entry(MARIA, 1, "20:00")
    office.notify()
    assert office.title() in text_of(office.briefings()[1])
    office.a_night_passes()
    office.db.execute("SELECT timesheet.operate_acknowledge_alert('eve@agency.example', %s)", (number,))
    office.entry(TOM, 1, "20:00")
    office.notify()
    assert office.title() not in text_of(office.briefings()[2])


@by_resend
def test_a_stale_feed_needs_no_decision(office):
    office.begins("sync", "poller_unreachable", "the jobs answer 500")
    office.notify()
    assert office.briefings() == []


@by_resend
def test_it_names_the_zone_and_links_to_the_dashboard(office):
    office.entry(MARIA, 1, "20:00")
    office.notify()
    (mail,) = office.briefings()
    assert re.search(r"UTC|GMT", text_of(mail)) and "https://hours.example.com" in mail.html
    assert "briefing" in str(mail.raw["tags"]) and not any(name.startswith("List-") for name in mail.headers)


@by_resend
@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "{{subject}} {{{html}}} {{#clients}}",
        "</td></table><b>x",
        "Ma\r\nBcc: all@example.com",
        "\u202egnp.exe \U0001f4a5 & < >",
        "x" * 5000,
    ],
    ids=["script", "braces", "markup", "header", "unicode", "long"],
)
def test_a_hostile_name_is_text(office, name):
    office.feed("People", person(MARIA, name, BLUEFIN))
    office.feed("Groups", {"id": guid("group", BLUEFIN), "name": name, "status": "Active"})
    office.entry(MARIA, 1, "20:00")
    office.notify()
    (mail,) = office.briefings()
    _, tags = read_html(mail.html)
    assert "script" not in tags and "<b>x" not in mail.html and len(mail.html) < 100_000
    assert "\n" not in mail.subject and "Bcc" not in json.dumps(mail.headers)
    if "{{" in name:
        assert "{{subject}}" in mail.html


@by_resend
def test_a_bad_morning_stays_short(office):
    """45 forgotten clock-outs: 40 of them, and how many more there are."""
    office.feed("People", *(person(100 + n, f"Agent {n:02}", NORTHWIND) for n in range(45)))
    for n in range(45):
        office.entry(100 + n, 1, "20:00")
    office.notify()
    (mail,) = office.briefings()
    assert len(set(re.findall(r"Agent \d\d", text_of(mail)))) == 40 and re.search(r"\b5 more\b", text_of(mail))
    assert len(mail.html) < 100_000


def made_at(office, zone, at_time, passes):
    """(instant, day) of those passes at which a briefing was made, in an office of this zone."""
    office.db.execute("TRUNCATE timesheet.briefings")
    office.db.execute("UPDATE timesheet.settings SET default_time_zone = %s, briefing_time = %s", (zone, at_time))
    made = []
    for at in passes:
        office.db.execute("SELECT timesheet.queue_briefings('{ann@example.com}', %s::timestamptz)", (at,))
        days = {str(day) for (day,) in office.db.execute("SELECT day FROM timesheet.briefings")}
        made += [(at, day) for day in days - {day for _, day in made}]
    return made


@by_resend
def test_where_the_clock_skips_its_time_it_is_made_at_the_next_there_is(office):
    """New York, 8 March 2026: 02:00 is 03:00."""
    passes = ["2026-03-08 06:59Z", "2026-03-08 07:00Z", "2026-03-08 07:30Z", "2026-03-09 06:29Z", "2026-03-09 06:30Z"]
    assert made_at(office, "America/New_York", "02:30", passes) == [
        ("2026-03-08 07:00Z", "2026-03-08"),
        ("2026-03-09 06:30Z", "2026-03-09"),
    ]


@by_resend
def test_where_the_clock_repeats_its_time_it_is_made_once(office):
    """New York, 1 November 2026: 01:30 is at 05:30 and at 06:30 UTC."""
    passes = ["2026-11-01 05:29Z", "2026-11-01 05:30Z", "2026-11-01 06:30Z", "2026-11-01 07:30Z"]
    assert made_at(office, "America/New_York", "01:30", passes) == [("2026-11-01 05:30Z", "2026-11-01")]


@by_resend
@pytest.mark.parametrize("zone", ["Asia/Manila", "America/New_York", "Pacific/Apia"])
def test_each_local_day_has_one_also_where_the_clock_changes(office, zone):
    """Four days about each change of New York's clock, with a pass every half hour."""
    for since in ("2026-03-07", "2026-10-31"):
        (passes,) = office.db.execute(
            "SELECT array_agg(t::text ORDER BY t) FROM generate_series((%s::date::timestamp AT TIME ZONE %s) "
            "+ interval '1 hour', ((%s::date + 4)::timestamp AT TIME ZONE %s) + interval '15 minutes', "
            "'30 minutes') AS t",
            (since, zone, since, zone),
        ).fetchone()
        for at_time in ("00:00", "08:00", "23:30"):
            made = made_at(office, zone, at_time, passes)
            assert len({day for _, day in made}) == len(made) and len(made) in (4, 5)
