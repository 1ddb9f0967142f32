"""The examples of docs/rules.md and the edges of R1, R2 and R5 to R8, worked out by hand."""

from dataclasses import replace
from uuid import UUID

import pytest

from oracle.manila_days import (
    A,
    AGENT,
    B,
    DEFAULTS,
    GROUP,
    H,
    LATER,
    MON,
    TUE,
    at,
    event,
    events,
    noted,
    session_list,
)
from oracle.session_rules import DayHours, attendance, daily_hours, notes, sessions
from oracle.workday import HOUR


# The examples of docs/rules.md, a test for each row.


def test_example_1_a_day_with_a_switch_and_a_break():
    day = events(
        ("Mon 09:00", "In", A),
        ("Mon 11:00", "In", B),
        ("Mon 12:00", "StartBreak"),
        ("Mon 13:00", "In", B),
        ("Mon 18:00", "Out"),
    )
    assert session_list(day) == [
        (A, MON, 2 * H, "next_activity"),
        (B, MON, 1 * H, "break"),
        ("break", MON, 1 * H, "next_activity"),
        (B, MON, 5 * H, "clock_out"),
    ]
    assert noted(day) == []
    assert all(s.is_complete for s in sessions(day, None, None, None, LATER, DEFAULTS))


def test_example_2_forgotten_overnight():
    days = events(("Mon 09:00", "In", A), ("Tue 09:00", "In", A), ("Tue 17:00", "Out"))
    assert session_list(days) == [(A, MON, 15 * H, "missing_clock_out"), (A, TUE, 8 * H, "clock_out")]
    first = sessions(days, None, None, None, LATER, DEFAULTS)[0]
    assert first.ended_at == at("Tue 00:00")
    assert not first.is_complete
    assert noted(days) == [("long_session", MON, 1), ("missing_clock_out", MON, 1)]


def test_example_3_switch_after_midnight():
    assert session_list(events(("Mon 21:00", "In", A), ("Tue 01:30", "In", B), ("Tue 06:00", "Out"))) == [
        (A, MON, 16200, "next_activity"),
        (B, TUE, 16200, "clock_out"),
    ]


def test_example_4_out_after_more_than_sixteen_hours():
    days = events(("Mon 21:00", "In", A), ("Tue 14:00", "Out"))
    assert session_list(days) == [(A, MON, 3 * H, "missing_clock_out")]
    assert noted(days) == [("missing_clock_out", MON, 1), ("clock_out_without_clock_in", TUE, 2)]


def test_example_5_running():
    assert session_list(events(("Mon 22:00", "In", A)), as_of=at("Tue 02:00")) == [(A, MON, 4 * H, "running")]


def test_example_6_in_and_out_at_one_instant():
    day = events(("Mon 09:00", "In", A), ("Mon 09:00", "Out"))
    assert session_list(day) == [(A, MON, 15 * H, "missing_clock_out")]
    assert noted(day) == [
        ("long_session", MON, 1),
        ("missing_clock_out", MON, 1),
        ("clock_out_without_clock_in", MON, 2),
    ]


def test_example_7_more_than_six_hours_across_midnight():
    assert session_list(events(("Mon 21:00", "In", A), ("Tue 04:00", "In", B), ("Tue 06:00", "Out"))) == [
        (A, MON, 3 * H, "missing_clock_out"),
        (B, TUE, 2 * H, "clock_out"),
    ]


def test_example_8_the_same_with_a_cut_off_at_noon():
    night = events(("Mon 21:00", "In", A), ("Tue 04:00", "In", B), ("Tue 06:00", "Out"), cutoff=12 * HOUR)
    assert session_list(night) == [(A, MON, 7 * H, "next_activity"), (B, MON, 2 * H, "clock_out")]


def test_example_9_break_left_open():
    day = events(("Mon 09:00", "In", A), ("Mon 12:00", "StartBreak"))
    assert session_list(day) == [(A, MON, 3 * H, "break"), ("break", MON, 0, "break_left_open")]
    assert noted(day) == [("break_left_open", MON, 2)]


def test_example_10_next_later_than_sixteen_hours():
    days = events(("Tue 01:30", "In", B), ("Tue 21:00", "In", A), ("Wed 05:00", "Out"))
    assert session_list(days) == [(B, TUE, 16 * H, "missing_clock_out"), (A, TUE, 8 * H, "clock_out")]


# R1


def test_r1_unknown_types_are_ignored_but_noted():
    day = events(("Mon 09:00", "In", A), ("Mon 10:00", "Verify"), ("Mon 11:00", "in"), ("Mon 12:00", "Out"))
    assert session_list(day) == [(A, MON, 3 * H, "clock_out")]
    assert noted(day) == [("unknown_type", MON, 2), ("unknown_type", MON, 3)]


def test_r1_r9_r13_an_unknown_type_is_no_live_entry():
    unknown = [event(1, "Mon 10:00", "Verify", client_group_id=None, odd_workday=True)]
    assert noted(unknown) == [("unknown_type", MON, 1)]
    assert attendance(unknown, None, None, None, LATER, DEFAULTS) == []


def test_r1_deleted_entries_are_ignored():
    day = [
        event(1, "Mon 09:00", "In", A),
        event(2, "Mon 10:00", "Out", deleted=True),
        event(3, "Mon 11:00", "Out"),
        event(4, "Mon 12:00", "In", B, deleted=True),
        event(5, "Mon 13:00", "Odd", deleted=True),
    ]
    assert session_list(day) == [(A, MON, 2 * H, "clock_out")]
    assert noted(day) == []


# R2


def test_r2_out_then_break_then_work_at_one_instant():
    day = [
        event(9, "Mon 09:00", "In", A),
        event(8, "Mon 12:00", "In", B),
        event(7, "Mon 12:00", "StartBreak"),
        event(6, "Mon 12:00", "Out"),
        event(5, "Mon 13:00", "Out"),
    ]
    assert session_list(day) == [
        (A, MON, 3 * H, "clock_out"),
        ("break", MON, 0, "next_activity"),
        (B, MON, 1 * H, "clock_out"),
    ]
    assert noted(day) == []


def test_r2_equal_kinds_at_one_instant_go_by_id():
    high, low = UUID("f0000000-0000-0000-0000-000000000000"), UUID(int=2)
    day = [
        event(1, "Mon 09:00", "In", A, jibble_activity_id=high),
        event(1, "Mon 09:00", "In", B, jibble_activity_id=low),
        event(3, "Mon 10:00", "Out"),
    ]
    assert session_list(day) == [(B, MON, 0, "next_activity"), (A, MON, 1 * H, "clock_out")]


def test_r2_two_outs_at_one_instant_the_second_closes_nothing():
    day = events(("Mon 09:00", "In", A), ("Mon 10:00", "Out"), ("Mon 10:00", "Out"))
    assert noted(day) == [("clock_out_without_clock_in", MON, 3)]


def test_r2_agents_do_not_see_each_other():
    day = [event(1, "Mon 09:00", "In", A), event(2, "Mon 10:00", "Out", agent_id=8), event(3, "Mon 11:00", "Out")]
    assert session_list(day) == [(A, MON, 2 * H, "clock_out")]
    assert [s.agent_id for s in sessions(day, None, None, 8, LATER, DEFAULTS)] == []
    assert [n.agent_id for n in notes(day, None, None, 8, LATER, DEFAULTS)] == [8]


# R5


def test_r5_next_at_exactly_max_session_closes():
    assert session_list(events(("Mon 06:00", "In", A), ("Mon 22:00", "Out"))) == [(A, MON, 16 * H, "clock_out")]


def test_r5_r6_next_a_microsecond_after_max_session_does_not():
    days = events(("Mon 06:00", "In", A), ("Mon 22:00:00.000001", "Out"))
    assert session_list(days) == [(A, MON, 16 * H, "missing_clock_out")]
    assert ("clock_out_without_clock_in", MON, 2) in noted(days)


def test_r5_work_to_work_exactly_overnight_switch_closes():
    assert session_list(events(("Mon 21:00", "In", A), ("Tue 03:00", "In", B), ("Tue 04:00", "Out"))) == [
        (A, MON, 6 * H, "next_activity"),
        (B, TUE, 1 * H, "clock_out"),
    ]


def test_r5_r6_work_to_work_a_microsecond_more_does_not():
    days = events(("Mon 21:00", "In", A), ("Tue 03:00:00.000001", "In", B), ("Tue 04:00", "Out"))
    assert session_list(days) == [(A, MON, 3 * H, "missing_clock_out"), (B, TUE, H - 1, "clock_out")]


def test_r5_work_to_work_exactly_at_workday_end_closes():
    assert session_list(events(("Mon 15:00", "In", A), ("Tue 00:00", "In", B), ("Tue 01:00", "Out"))) == [
        (A, MON, 9 * H, "next_activity"),
        (B, TUE, 1 * H, "clock_out"),
    ]


def test_r5_r6_work_to_work_a_microsecond_after_workday_end_does_not():
    days = events(("Mon 15:00", "In", A), ("Tue 00:00:00.000001", "In", B), ("Tue 01:00", "Out"))
    assert session_list(days)[0] == (A, MON, 9 * H, "missing_clock_out")


def test_r5_work_to_work_of_many_hours_within_the_workday_closes():
    assert session_list(events(("Mon 06:00", "In", A), ("Mon 20:00", "In", B), ("Mon 21:00", "Out"))) == [
        (A, MON, 14 * H, "next_activity"),
        (B, MON, 1 * H, "clock_out"),
    ]


def test_r5_work_to_break_and_to_out_closes_across_the_workday_end():
    days = events(("Mon 15:00", "In", A), ("Tue 06:00", "StartBreak"), ("Tue 07:00", "Out"))
    assert session_list(days) == [(A, MON, 15 * H, "break"), ("break", TUE, 1 * H, "clock_out")]
    assert session_list(events(("Mon 15:00", "In", A), ("Tue 07:00", "Out"))) == [(A, MON, 16 * H, "clock_out")]


def test_r5_break_of_exactly_overnight_switch_is_closed():
    day = events(("Mon 09:00", "StartBreak"), ("Mon 15:00", "In", A), ("Mon 16:00", "Out"))
    assert session_list(day) == [("break", MON, 6 * H, "next_activity"), (A, MON, 1 * H, "clock_out")]


@pytest.mark.parametrize("closer", ["In", "StartBreak", "Out"])
def test_r5_r6_break_a_microsecond_longer_is_left_open_for_every_next_entry(closer):
    day = events(("Mon 09:00", "StartBreak"), ("Mon 15:00:00.000001", closer))
    assert session_list(day)[0] == ("break", MON, 0, "break_left_open")
    assert (("clock_out_without_clock_in", MON, 2) in noted(day)) == (closer == "Out")


def test_r5_short_break_across_the_workday_end_is_closed():
    days = events(("Mon 23:00", "StartBreak"), ("Tue 01:00", "StartBreak"), ("Tue 02:00", "Out"))
    assert session_list(days) == [("break", MON, 2 * H, "break"), ("break", TUE, 1 * H, "clock_out")]


# R6


def test_r6_running_until_exactly_max_session():
    day = events(("Mon 06:00", "In", A))
    assert session_list(day, as_of=at("Mon 22:00") - 1) == [(A, MON, 16 * H - 1, "running")]
    assert session_list(day, as_of=at("Mon 22:00")) == [(A, MON, 16 * H, "missing_clock_out")]


def test_r6_running_goes_past_the_workday_end():
    assert session_list(events(("Mon 22:00", "In", A)), as_of=at("Tue 13:59")) == [(A, MON, 57540, "running")]
    assert session_list(events(("Mon 22:00", "In", A)), as_of=at("Tue 14:00")) == [(A, MON, 2 * H, "missing_clock_out")]


def test_r6_as_of_hides_no_entry():
    day = events(("Mon 09:00", "In", A), ("Mon 12:00", "Out"), ("Mon 13:00", "In", B))
    assert session_list(day, as_of=at("Mon 08:00")) == [(A, MON, 3 * H, "clock_out"), (B, MON, 0, "running")]


def test_r6_a_next_entry_that_does_not_close_is_incomplete_for_every_as_of():
    days = events(("Mon 21:00", "In", A), ("Tue 04:00", "In", B))
    assert session_list(days, as_of=at("Tue 05:00")) == [
        (A, MON, 3 * H, "missing_clock_out"),
        (B, TUE, 1 * H, "running"),
    ]


def test_r6_r10_r13_a_break_runs_too():
    day = events(("Mon 12:00", "StartBreak"))
    assert session_list(day, as_of=at("Mon 12:30")) == [("break", MON, 1800, "running")]
    assert noted(day, as_of=at("Mon 12:30")) == []
    [row] = daily_hours(day, [], None, None, None, at("Mon 12:30"), DEFAULTS)
    assert (row.work_seconds, row.unconfirmed_seconds, row.break_seconds) == (0, 0, 1800)


def test_r6_r10_missing_clock_out_zero():
    zero = replace(DEFAULTS, missing_clock_out="zero")
    days = events(("Mon 09:00", "In", A), ("Tue 09:00", "In", A), ("Tue 17:00", "Out"))
    assert session_list(days, settings=zero) == [(A, MON, 0, "missing_clock_out"), (A, TUE, 8 * H, "clock_out")]
    [monday] = daily_hours(days, [], None, TUE, None, LATER, zero)
    assert (monday.unconfirmed_seconds, monday.session_count, monday.incomplete_count) == (0, 1, 1)
    running = sessions(events(("Mon 09:00", "In", A)), None, None, None, at("Mon 10:00"), zero)
    assert (running[0].seconds, running[0].end_reason) == (1 * H, "running")


def test_r6_r3_workday_end_does_not_follow_jibbles_date():
    entry = event(1, "Tue 01:00", "In", A, belongs_to_date=MON, workday=MON)
    assert session_list([entry]) == [(A, MON, 16 * H, "missing_clock_out")]


def test_r6_null_as_of_is_the_callers():
    with pytest.raises(TypeError):
        sessions([], None, None, None, None, DEFAULTS)


# R7


@pytest.mark.parametrize(
    "client_type,reason", [("AutoOut", "auto_clock_out"), ("autoout", "clock_out"), (None, "clock_out")]
)
def test_r7_auto_out(client_type, reason):
    day = [event(1, "Mon 09:00", "In", A), event(2, "Mon 10:00", "Out", client_type=client_type)]
    [s] = sessions(day, None, None, None, LATER, DEFAULTS)
    assert (s.end_reason, s.is_complete, s.ended_at) == (reason, True, at("Mon 10:00"))


def test_r7_auto_out_marks_only_an_out():
    day = [
        event(1, "Mon 09:00", "In", A, client_type="AutoOut"),
        event(2, "Mon 10:00", "In", B, client_type="AutoOut"),
        event(3, "Mon 11:00", "Out"),
    ]
    assert [row[3] for row in session_list(day)] == ["next_activity", "clock_out"]


@pytest.mark.parametrize("as_of", [at("Mon 12:30"), LATER])
def test_r7_is_complete_is_false_for_running_and_incomplete(as_of):
    found = sessions(events(("Mon 09:00", "In", A), ("Mon 12:00", "StartBreak")), None, None, None, as_of, DEFAULTS)
    assert [s.is_complete for s in found] == [True, False]


# R8


def test_r8_the_session_is_its_own_entrys():
    days = [
        event(1, "Mon 23:00", "In", None, client_group_id=None),
        event(2, "Tue 01:00", "Out", A, client_group_id=GROUP),
    ]
    [s] = sessions(days, None, None, None, LATER, DEFAULTS)
    assert (s.workday, s.activity_id, s.client_group_id, s.seconds) == (MON, None, None, 2 * H)
    assert s.jibble_activity_id == UUID(int=1)


CARRIED_ON = replace(DEFAULTS, activity_after_break="carried_on")


@pytest.mark.parametrize(
    "given, wanted",
    [
        ([("10:00", "In", A), ("11:00", "StartBreak"), ("11:15", "In"), ("12:00", "Out")], [A, A]),
        (
            [("10:00", "In", A), ("11:00", "StartBreak"), ("11:15", "StartBreak"), ("11:30", "In"), ("12:00", "Out")],
            [A, A],
        ),
        ([("10:00", "In", A), ("11:00", "StartBreak"), ("11:15", "Out"), ("11:30", "In"), ("12:00", "Out")], [A, None]),
        (
            [
                ("10:00", "In", A),
                ("11:00", "StartBreak"),
                ("11:15", "In"),
                ("12:00", "StartBreak"),
                ("12:15", "In"),
                ("13:00", "Out"),
            ],
            [A, A, A],
        ),
        (
            [
                ("10:00", "In", A),
                ("11:00", "StartBreak"),
                ("11:15", "In", B),
                ("12:00", "StartBreak"),
                ("12:15", "In"),
                ("13:00", "Out"),
            ],
            [A, B, B],
        ),
        (
            [("10:00", "In", A), ("10:30", "In"), ("11:00", "StartBreak"), ("11:15", "In"), ("12:00", "Out")],
            [A, None, None],
        ),
        ([("10:00", "StartBreak", A), ("11:00", "In"), ("12:00", "Out")], [None]),
        ([("10:00", "In", A), ("11:00", "StartBreak"), ("11:00", "In"), ("12:00", "Out")], [A, A]),
        ([("10:00", "In", A), ("11:00", "StartBreak"), ("17:00:00.000001", "In"), ("18:00", "Out")], [A, None]),
    ],
)
def test_r8_activity_after_break(given, wanted):
    day = events(*[("Mon " + at_clock, *what) for at_clock, *what in given])
    assert [s[0] for s in session_list(day, settings=CARRIED_ON) if s[0] != "break"] == wanted
    sent = [what[1] if len(what) == 2 else None for _, *what in given if what[0] == "In"]
    assert [s[0] for s in session_list(day) if s[0] != "break"] == sent


@pytest.mark.parametrize(
    "odd_one, change",
    [
        (1, {"client_group_id": None}),
        (2, {"client_group_id": None}),
        (3, {"client_group_id": GROUP + 1}),
        (1, {"workday": TUE}),
        (2, {"workday": TUE}),
        (3, {"workday": TUE}),
        (2, {"deleted": True}),
    ],
)
def test_r8_activity_after_break_within_one_workday_and_client_group(odd_one, change):
    day = [event(1, "Mon 10:00", "In", A), event(2, "Mon 11:00", "StartBreak"), event(3, "Mon 11:15", "In")]
    assert [s[0] for s in session_list(day, settings=CARRIED_ON)] == [A, "break", A]
    changed = [replace(e, **change) if e.jibble_activity_id.int == odd_one else e for e in day]
    assert [s[0] for s in session_list(changed, settings=CARRIED_ON) if s[0] != "break"] == [A, None]


def test_r8_activity_after_break_no_client_group_is_one_too():
    day = [
        event(n, *row, client_group_id=None)
        for n, row in enumerate([("Mon 10:00", "In", A), ("Mon 11:00", "StartBreak"), ("Mon 11:15", "In")], 1)
    ]
    assert [s[0] for s in session_list(day, settings=CARRIED_ON)] == [A, "break", A]


def test_r8_r10_a_session_without_length_counts_as_one():
    day = events(("Mon 09:00", "In", A), ("Mon 09:00", "In", A), ("Mon 10:00", "Out"))
    assert daily_hours(day, [], None, None, None, LATER, DEFAULTS) == [
        DayHours(MON, AGENT, GROUP, A, 1 * H, 0, 0, 0, 2, 0)
    ]
