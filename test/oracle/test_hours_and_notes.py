"""Attendance, hours, weeks and notes, R9 to R13, worked out by hand."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from oracle.manila_days import (
    A,
    AGENT,
    DAYS,
    DEFAULTS,
    GROUP,
    H,
    LATER,
    MON,
    TUE,
    WED,
    at,
    event,
    events,
    noted,
    session_list,
)
from oracle.session_rules import (
    Attendance,
    DayHours,
    HourEntry,
    Note,
    attendance,
    daily_hours,
    notes,
    weekly_hours,
)
from oracle.workday import HOUR


# R9


def test_r9_a_day_with_breaks():
    day = events(
        ("Mon 08:00", "StartBreak"),
        ("Mon 09:00", "In", A),
        ("Mon 12:00", "StartBreak"),
        ("Mon 13:00", "In", A),
        ("Mon 18:00", "Out"),
    )
    assert attendance(day, None, None, None, LATER, DEFAULTS) == [
        Attendance(MON, AGENT, at("Mon 09:00"), at("Mon 18:00"), at("Mon 18:00"))
    ]


def test_r9_overnight_clock_out_belongs_to_the_sessions_day():
    days = events(("Mon 21:00", "In", A), ("Tue 06:00", "Out"))
    assert attendance(days, None, None, None, LATER, DEFAULTS) == [
        Attendance(MON, AGENT, at("Mon 21:00"), at("Tue 06:00"), at("Mon 21:00")),
        Attendance(TUE, AGENT, None, None, at("Tue 06:00")),
    ]


def test_r9_no_clock_out_when_the_last_session_was_not_ended_by_an_out():
    day = events(("Mon 09:00", "In", A), ("Mon 12:00", "Out"), ("Mon 13:00", "In", A))
    assert attendance(day, None, None, None, LATER, DEFAULTS) == [
        Attendance(MON, AGENT, at("Mon 09:00"), None, at("Mon 13:00"))
    ]


def test_r9_a_break_may_be_the_last_session_and_an_auto_out_closes_it():
    day = [
        event(1, "Mon 09:00", "In", A),
        event(2, "Mon 12:00", "StartBreak"),
        event(3, "Mon 12:30", "Out", client_type="AutoOut"),
        event(4, "Mon 14:00", "Out"),
    ]
    assert attendance(day, None, None, None, LATER, DEFAULTS) == [
        Attendance(MON, AGENT, at("Mon 09:00"), at("Mon 12:30"), at("Mon 14:00"))
    ]


def test_r9_a_day_of_manual_hours_alone():
    manual = [HourEntry(AGENT, GROUP, A, TUE, 60, False), HourEntry(AGENT, GROUP, A, MON, 60, True)]
    assert attendance([], None, None, None, LATER, DEFAULTS, manual) == [Attendance(TUE, AGENT, None, None, None)]


# R10


def test_r10_unconfirmed_is_the_part_without_a_confirmed_end():
    days = [
        event(1, "Sun 09:00", "In", A),
        event(2, "Sun 10:00", "Out", client_type="AutoOut"),
        event(3, "Mon 09:00", "In", A),
        event(4, "Mon 10:00", "In", A),
        event(5, "Tue 09:00", "In", A),
    ]
    assert daily_hours(days, [], None, None, None, at("Tue 11:00"), DEFAULTS) == [
        DayHours(DAYS["Sun"], AGENT, GROUP, A, 1 * H, 1 * H, 0, 0, 1, 0),
        DayHours(MON, AGENT, GROUP, A, 15 * H, 14 * H, 0, 0, 2, 1),
        DayHours(TUE, AGENT, GROUP, A, 2 * H, 2 * H, 0, 0, 1, 0),
    ]


def test_r10_r13_a_break_ended_by_auto_out_is_not_unconfirmed():
    day = [event(1, "Mon 09:00", "StartBreak"), event(2, "Mon 10:00", "Out", client_type="AutoOut")]
    assert daily_hours(day, [], None, None, None, LATER, DEFAULTS) == [
        DayHours(MON, AGENT, GROUP, None, 0, 0, 1 * H, 0, 0, 0)
    ]
    assert noted(day) == []


def test_r10_manual_seconds_are_a_part_of_work():
    day = events(("Mon 09:00", "In", A), ("Mon 10:00", "Out"))
    manual = [
        HourEntry(AGENT, GROUP, A, MON, 1800, False),
        HourEntry(AGENT, GROUP, A, MON, 900, False),
        HourEntry(AGENT, GROUP, A, MON, 7200, True),
        HourEntry(AGENT, None, None, MON, 60, False),
        HourEntry(8, GROUP, A, MON, 60, False),
        HourEntry(AGENT, GROUP, A, TUE, 60, False),
    ]
    assert daily_hours(day, manual, MON, TUE, AGENT, LATER, DEFAULTS) == [
        DayHours(MON, AGENT, None, None, 60, 0, 0, 60, 0, 0),
        DayHours(MON, AGENT, GROUP, A, 1 * H + 2700, 0, 0, 2700, 1, 0),
    ]


# R11


def week_of_days():
    return [
        event(1, "Sat 09:00", "In", A),
        event(2, "Sat 10:00", "Out"),
        event(3, "Sun 09:00", "In", A),
        event(4, "Sun 11:00", "Out"),
        event(5, "Mon 09:00", "In", A),
        event(6, "Mon 13:00", "Out"),
    ]


def weeks(since=None, until=None, starts=None, settings=DEFAULTS):
    found = weekly_hours(week_of_days(), [], since, until, None, LATER, settings, starts)
    return [(w.week_start, w.work_seconds, w.session_count) for w in found]


def test_r11_weeks_start_on_monday():
    assert weeks() == [(date(2024, 5, 27), 3 * H, 2), (MON, 4 * H, 1)]


def test_r11_weeks_start_on_sunday_for_the_group_or_by_the_setting():
    sunday = [(date(2024, 5, 26), 1 * H, 1), (date(2024, 6, 2), 6 * H, 2)]
    assert weeks(starts={GROUP: 7}) == sunday
    assert weeks(settings=replace(DEFAULTS, week_starts_on=7)) == sunday
    assert weeks(starts={GROUP: None}, settings=replace(DEFAULTS, week_starts_on=7)) == sunday
    assert weeks(starts={GROUP: 1}, settings=replace(DEFAULTS, week_starts_on=7)) == weeks()


def test_r11_without_a_group_the_setting_counts():
    day = [replace(e, client_group_id=None) for e in week_of_days()]
    found = weekly_hours(day, [], None, None, None, LATER, DEFAULTS, {GROUP: 7})
    assert [w.week_start for w in found] == [date(2024, 5, 27), MON]


def test_r11_a_week_cut_by_since_and_until():
    assert weeks(since=date(2024, 6, 2)) == [(date(2024, 5, 27), 2 * H, 1), (MON, 4 * H, 1)]
    assert weeks(until=date(2024, 6, 2)) == [(date(2024, 5, 27), 1 * H, 1)]
    assert weeks(since=MON, until=MON) == []


def test_r11_an_entry_outside_the_range_still_closes_one_inside():
    days = events(("Mon 23:00", "In", A), ("Tue 01:00", "Out"))
    assert session_list(days, until=TUE) == [(A, MON, 2 * H, "clock_out")]
    assert session_list(days, since=TUE) == []
    assert noted(days, since=TUE) == []


# R12


def test_r12_seconds_are_truncated_once_per_session():
    day = events(("Mon 09:00:00.500000", "In", A), ("Mon 09:00:02.499999", "In", A), ("Mon 09:00:04.499998", "Out"))
    assert [row[2] for row in session_list(day)] == [1, 1]
    [row] = daily_hours(day, [], None, None, None, LATER, DEFAULTS)
    assert row.work_seconds == 2


# R13


def test_r13_long_session_goes_by_the_exact_length():
    exact = events(("Mon 06:00", "In", A), ("Mon 18:00", "Out"))
    longer = events(("Mon 06:00", "In", A), ("Mon 18:00:00.000001", "Out"))
    assert noted(exact) == []
    assert noted(longer) == [("long_session", MON, 1)]
    running = events(("Mon 06:00", "In", A))
    assert noted(running, as_of=at("Mon 18:00") + 1) == [("long_session", MON, 1)]
    assert noted(running, as_of=at("Mon 18:00")) == []


def test_r13_a_long_break_is_no_long_session():
    patient = replace(DEFAULTS, overnight_switch_us=16 * HOUR)
    day = events(("Mon 06:00", "StartBreak"), ("Mon 19:00", "Out"))
    assert noted(day, settings=patient) == []


def test_r13_a_long_session_ended_by_auto_out_has_both_notes():
    day = [event(1, "Mon 06:00", "In", A), event(2, "Mon 19:00", "Out", client_type="AutoOut")]
    assert noted(day) == [("auto_clock_out", MON, 1), ("long_session", MON, 1)]


def test_r13_no_client_group_once_per_agent_and_workday():
    days = [
        event(1, "Mon 08:00", "In", A),
        event(2, "Mon 09:00", "In", A, client_group_id=None),
        event(3, "Mon 10:00", "Out", client_group_id=None),
        event(4, "Tue 09:00", "In", A, client_group_id=None, deleted=True),
        event(5, "Tue 10:00", "Out", client_group_id=None),
    ]
    found = [n for n in notes(days, None, None, None, LATER, DEFAULTS) if n.code == "no_client_group"]
    assert found == [
        Note(MON, AGENT, None, "no_client_group", at("Mon 09:00"), UUID(int=2)),
        Note(TUE, AGENT, None, "no_client_group", at("Tue 10:00"), UUID(int=5)),
    ]


def test_r13_odd_workday_for_any_live_entry():
    days = [
        event(1, "Mon 09:00", "In", A, odd_workday=True),
        event(2, "Mon 10:00", "Out", belongs_to_date=date(2024, 6, 1), odd_workday=None),
        event(3, "Mon 11:00", "Out", belongs_to_date=TUE, odd_workday=None),
        event(4, "Mon 12:00", "Out", belongs_to_date=None, odd_workday=None),
    ]
    assert [n for n in noted(days) if n[0] == "odd_workday"] == [("odd_workday", MON, 1), ("odd_workday", MON, 2)]


def test_r13_notes_are_restricted_to_workdays_in_the_range():
    days = events(("Mon 09:00", "Out"), ("Tue 09:00", "Out"), ("Wed 09:00", "Out"))
    assert [n[1] for n in noted(days, since=TUE, until=WED)] == [TUE]


def test_r13_unknown_time_zone_once_per_workday_at_its_first_live_entry():
    days = [
        event(1, "Mon 07:00", "In", A, deleted=True, unknown_time_zone="Mars/Olympus"),
        event(2, "Mon 08:00", "Ping"),
        event(3, "Mon 09:00", "In", A),
        event(4, "Mon 10:00", "Out", unknown_time_zone="Mars/Olympus"),
        event(5, "Mon 11:00", "Out", unknown_time_zone="Moon/Base"),
        event(6, "Tue 09:00", "Ping", unknown_time_zone="Mars/Olympus"),
        event(7, "Wed 09:00", "In", A, deleted=True, unknown_time_zone="Mars/Olympus"),
    ]
    assert [n for n in noted(days) if n[0] == "unknown_time_zone"] == [("unknown_time_zone", MON, 3)]
