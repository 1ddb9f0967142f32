"""Random organisations: the truth's hours and the rules' hours, by way of events, are the same."""

import random
from datetime import date
from uuid import UUID

import pytest

from oracle.session_rules import Entry, HourEntry, Settings, daily_hours, notes, weekly_hours
from oracle.truth import Truth, expected_notes, first_of_week, hours, same_day
from oracle.workday import HOUR, MINUTE, instant, iso, place

SETTINGS = Settings(
    day_cutoff_us=0,
    max_session_us=16 * HOUR,
    overnight_switch_us=6 * HOUR,
    long_session_us=12 * HOUR,
    missing_clock_out="day_end",
    week_starts_on=1,
)

ZONES = ["Asia/Manila", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "Europe/Dublin"]
CODES = ("missing_clock_out", "break_left_open", "auto_clock_out")
FIRST = instant("2024-03-04T00:00:00Z")
NOW = FIRST + 40 * 24 * HOUR


def random_organisation(chance):
    """Shifts with mishaps of every kind, closer together and odder than people work."""
    agents = [
        {"id": a, "full_name": f"Agent {a}", "group_id": chance.choice([0, 1, None]), "time_zone": chance.choice(ZONES)}
        for a in range(6)
    ]
    intervals = []
    for agent in agents:
        start = FIRST + chance.randrange(24 * HOUR)
        while start < NOW:
            count = chance.randint(1, 5)
            for position in range(count):
                last = position == count - 1
                end = (
                    start + chance.choice([MINUTE, HOUR, 4 * HOUR, 8 * HOUR, 17 * HOUR]) + chance.randrange(30 * MINUTE)
                )
                lost = last and chance.random() < 0.3
                running = last and end > NOW
                intervals.append(
                    {
                        "agent_id": agent["id"],
                        "kind": chance.choice(["work", "work", "break"]),
                        "activity_id": chance.choice([0, 1, None]),
                        "start": iso(start),
                        "end": iso(end),
                        "start_event_id": str(UUID(int=len(intervals))),
                        "lost_out": lost,
                        "running": running and not lost,
                        "auto_out": last and chance.random() < 0.2,
                    }
                )
                start = end
            start += MINUTE + chance.randrange(chance.choice([HOUR, 8 * HOUR, 30 * HOUR]))
    manual = [
        {
            "id": n,
            "agent_id": chance.randrange(6),
            "activity_id": chance.choice([0, None]),
            "date": f"2024-03-{chance.randint(4, 31):02d}",
            "seconds": chance.randrange(9999),
            "archived": chance.random() < 0.3,
        }
        for n in range(20)
    ]
    return {
        "groups": [{"id": 0, "name": "Day", "day_cutoff": "00:00"}, {"id": 1, "name": "Night", "day_cutoff": "12:00"}],
        "activities": [{"id": 0, "name": "Calls"}, {"id": 1, "name": "Mail"}],
        "agents": agents,
        "intervals": intervals,
        "hour_entries": manual,
    }


def events_of(content):
    """The time entries that Jibble would record of an organisation."""
    agents = {a["id"]: a for a in content["agents"]}
    entries = []

    def record(number, agent, activity_id, when, raw_type, client_type):
        cutoff = 12 * HOUR if agent["group_id"] == 1 else 0
        start_us = instant(when)
        _, _, clock_date, _ = place(start_us, None, agent["time_zone"], 0, False)
        workday, end_us, _, odd = place(start_us, clock_date, agent["time_zone"], cutoff, cutoff != 0)
        entries.append(
            Entry(
                UUID(int=number),
                agent["id"],
                agent["group_id"],
                activity_id,
                start_us,
                raw_type,
                client_type,
                clock_date,
                workday,
                end_us,
                False,
                agent["time_zone"],
                odd,
            )
        )

    starts = {(i["agent_id"], i["start"]) for i in content["intervals"]}
    for i in content["intervals"]:
        agent, number = agents[i["agent_id"]], UUID(i["start_event_id"]).int
        record(number, agent, i["activity_id"], i["start"], "In" if i["kind"] == "work" else "StartBreak", "Web")
        if not i["lost_out"] and not i["running"] and (i["agent_id"], i["end"]) not in starts:
            record(10**6 + number, agent, None, i["end"], "Out", "AutoOut" if i["auto_out"] else "Web")
    return entries


@pytest.mark.parametrize("seed", range(12))
def test_r1_to_r13_truth_and_rules_agree(seed):
    content = random_organisation(random.Random(seed))
    truth, entries = Truth(content), events_of(content)
    agents = {a["id"]: a for a in content["agents"]}
    manual = [
        HourEntry(
            h["agent_id"],
            agents[h["agent_id"]]["group_id"],
            h["activity_id"],
            date.fromisoformat(h["date"]),
            h["seconds"],
            h["archived"],
        )
        for h in content["hour_entries"]
    ]
    measures = (
        "work_seconds",
        "unconfirmed_seconds",
        "break_seconds",
        "manual_seconds",
        "session_count",
        "incomplete_count",
    )

    for as_of in (NOW, NOW - 5 * HOUR, NOW + 1000 * HOUR):
        for window in ((None, None), (date(2024, 3, 7), date(2024, 3, 27))):
            by_day = daily_hours(entries, manual, *window, None, as_of, SETTINGS)
            by_week = weekly_hours(entries, manual, *window, None, as_of, SETTINGS)
            for rows, period, name in ((by_day, same_day, "workday"), (by_week, first_of_week, "week_start")):
                by_rules = {
                    (str(getattr(r, name)), r.agent_id, r.client_group_id, r.activity_id): tuple(
                        getattr(r, m) for m in measures
                    )
                    for r in rows
                }
                by_truth = {
                    (r[name], r["agent_id"], r["group_id"], r["activity_id"]): tuple(r[m] for m in measures)
                    for r in hours(truth, *window, as_of, period, name)
                }
                assert by_rules == by_truth
            found = [n for n in notes(entries, *window, None, as_of, SETTINGS) if n.code in CODES]
            assert sorted((n.agent_id, iso(n.at), n.code) for n in found) == [
                (n["agent_id"], n["at"], n["code"]) for n in expected_notes(truth, *window, as_of)
            ]
