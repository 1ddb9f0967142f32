"""What is expected of an organisation small enough to be added up by hand."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from oracle.truth import Truth, expected_notes, first_of_week, hours, outcome, same_day
from oracle.workday import instant

FAR = instant("9999-01-01T00:00:00Z")
H = 3600


def utc(text):
    """`4 23:30` in Manila, in June 2024, as the truth file writes it."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    total = int(day) * 24 + int(hour) - 8  # Manila is eight hours ahead all year
    return f"2024-06-{total // 24:02d}T{total % 24:02d}:{minute}:00.000000Z"


class Organisation:
    """Ana works by day, Ben by night; 3 June 2024 is a Monday."""

    def __init__(self):
        self.content = {
            "seed": 1,
            "now": utc("20 00:00"),
            "weeks": 2,
            "first_day": "2024-06-03",
            "night_groups": ["g-night"],
            "groups": [
                {"id": "g-day", "name": "Day", "day_cutoff": "00:00"},
                {"id": "g-night", "name": "Night", "day_cutoff": "12:00"},
            ],
            "activities": [{"id": "x", "name": "Calls"}, {"id": "y", "name": "Mail"}],
            "agents": [
                {"id": "a1", "full_name": "Ana", "group_id": "g-day", "time_zone": "Asia/Manila"},
                {"id": "a2", "full_name": "Ben", "group_id": "g-night", "time_zone": "Asia/Manila"},
                {"id": "a3", "full_name": "Cid", "group_id": None, "time_zone": "Asia/Manila"},
            ],
            "intervals": [],
            "hour_entries": [],
        }

    def add(self, agent, start, end, kind="work", activity="x", mishap=None):
        self.content["intervals"].append(
            {
                "agent_id": agent,
                "kind": kind,
                "activity_id": activity if kind == "work" else None,
                "start": utc(start),
                "end": utc(end) if end else None,
                "start_event_id": f"e{len(self.content['intervals'])}",
                "lost_out": mishap == "lost_out",
                "auto_out": mishap == "auto_out",
                "running": mishap == "running",
            }
        )
        return self

    def manual(self, agent, day, seconds, archived=False, activity="x"):
        self.content["hour_entries"].append(
            {
                "id": "h",
                "agent_id": agent,
                "activity_id": activity,
                "date": day,
                "seconds": seconds,
                "archived": archived,
            }
        )
        return self

    def truth(self):
        return Truth(self.content)

    def ends(self, as_of=FAR):
        """(workday of June, hours, end_reason) of each interval."""
        truth = self.truth()
        results = [outcome(truth, interval, as_of) for interval in truth.intervals]
        return [(r.workday.day, r.seconds / H, r.end_reason) for r in results]


@pytest.fixture
def organisation():
    return Organisation()


def test_r5_complete_intervals_count_their_own_length(organisation):
    organisation.add("a1", "3 09:00", "3 12:00").add("a1", "3 12:00", "3 13:00", "break")
    organisation.add("a1", "3 13:00", "3 18:00", activity="y").add("a1", "4 09:00", "4 10:00")
    assert organisation.ends() == [(3, 3, "break"), (3, 1, "next_activity"), (3, 5, "clock_out"), (4, 1, "clock_out")]


def test_r3_night_groups_have_the_workday_of_their_evening(organisation):
    organisation.add("a1", "3 21:00", "4 01:00").add("a1", "4 01:00", "4 06:00")
    organisation.add("a2", "3 21:00", "4 04:00").add("a2", "4 04:00", "4 06:00")
    assert organisation.ends() == [
        (3, 4, "next_activity"),
        (4, 5, "clock_out"),
        (3, 7, "next_activity"),
        (3, 2, "clock_out"),
    ]


def test_r6_lost_out_and_nothing_within_sixteen_hours(organisation):
    organisation.add("a1", "3 06:00", "3 15:00", mishap="lost_out").add("a1", "4 06:00", "4 07:00")
    assert organisation.ends() == [(3, 16, "missing_clock_out"), (4, 1, "clock_out")]


def test_r6_lost_out_ends_with_the_workday(organisation):
    organisation.add("a1", "3 15:00", "3 22:00", mishap="lost_out").add("a1", "4 06:30", "4 07:00")
    organisation.add("a1", "5 22:00", "5 23:00", mishap="lost_out")
    assert organisation.ends() == [(3, 9, "missing_clock_out"), (4, 0.5, "clock_out"), (5, 2, "missing_clock_out")]


def test_r5_lost_out_closed_by_the_next_shift(organisation):
    # on the same workday; within six hours across midnight; by a shift that begins with a break
    organisation.add("a1", "3 06:00", "3 10:00", mishap="lost_out").add("a1", "3 20:00", "3 21:00")
    organisation.add("a1", "4 22:00", "4 23:00", mishap="lost_out").add("a1", "5 04:00", "5 05:00")
    organisation.add("a1", "6 20:00", "6 22:00", mishap="lost_out")
    organisation.add("a1", "7 08:00", "7 09:00", "break")
    assert organisation.ends() == [
        (3, 14, "next_activity"),
        (3, 1, "clock_out"),
        (4, 6, "next_activity"),
        (5, 1, "clock_out"),
        (6, 12, "break"),
        (7, 1, "clock_out"),
    ]


def test_r5_r6_lost_out_of_a_break(organisation):
    organisation.add("a1", "3 09:00", "3 10:00", "break", mishap="lost_out")
    organisation.add("a1", "3 15:00", "3 16:00")
    organisation.add("a1", "4 09:00", "4 10:00", "break", mishap="lost_out")
    organisation.add("a1", "4 15:01", "4 16:01")
    organisation.add("a1", "5 09:00", "5 10:00", "break", mishap="lost_out")
    assert organisation.ends() == [
        (3, 6, "next_activity"),
        (3, 1, "clock_out"),
        (4, 0, "break_left_open"),
        (4, 1, "clock_out"),
        (5, 0, "break_left_open"),
    ]


def test_r6_running_and_as_of(organisation):
    organisation.add("a1", "3 09:00", "3 11:00", mishap="running")
    assert organisation.ends(instant(utc("3 11:00"))) == [(3, 2, "running")]
    assert organisation.ends(instant(utc("3 08:00"))) == [(3, 0, "running")]
    assert organisation.ends() == [(3, 15, "missing_clock_out")]


def test_r7_auto_out(organisation):
    organisation.add("a1", "3 09:00", "3 17:00", mishap="auto_out")
    organisation.add("a1", "4 09:00", "4 10:00", "break", mishap="auto_out")
    assert organisation.ends() == [(3, 8, "auto_clock_out"), (4, 1, "auto_clock_out")]
    assert expected_notes(organisation.truth(), None, None, FAR) == [
        {"agent_id": "a1", "code": "auto_clock_out", "at": utc("3 09:00")}
    ]


def test_r5_recorded_ends_that_the_rules_doubt_all_the_same(organisation):
    organisation.add("a1", "3 21:00", "4 14:00").add("a1", "5 09:00", "5 15:01", "break")
    assert organisation.ends() == [(3, 3, "missing_clock_out"), (5, 0, "break_left_open")]


def test_r10_r11_rows(organisation):
    organisation.add("a1", "3 09:00", "3 12:00").add("a1", "3 12:00", "3 13:00", "break")
    organisation.add("a1", "3 13:00", "3 18:00", mishap="auto_out")
    organisation.add("a1", "9 20:00", "9 21:00", mishap="lost_out")
    organisation.add("a3", "4 09:00", "4 10:00", activity=None)
    organisation.manual("a1", "2024-06-05", 600).manual("a1", "2024-06-05", 9, archived=True)
    organisation.manual("a2", "2024-06-10", 60, activity=None)
    columns = (
        "group",
        "agent",
        "activity",
        "work_seconds",
        "unconfirmed_seconds",
        "break_seconds",
        "manual_seconds",
        "session_count",
        "incomplete_count",
    )

    def figures(rows, name):
        return [(row[name], *(row[column] for column in columns)) for row in rows]

    truth = organisation.truth()
    assert figures(hours(truth, None, None, FAR, first_of_week, "week_start"), "week_start") == [
        ("2024-06-03", "Day", "Ana", "Calls", 12 * H + 600, 9 * H, 0, 600, 3, 1),
        ("2024-06-03", "Day", "Ana", None, 0, 0, 1 * H, 0, 0, 0),
        ("2024-06-03", None, "Cid", None, 1 * H, 0, 0, 0, 1, 0),
        ("2024-06-10", "Night", "Ben", None, 60, 0, 0, 60, 0, 0),
    ]
    window = (date(2024, 6, 3), date(2024, 6, 9))
    assert figures(hours(truth, *window, FAR, same_day, "workday"), "workday") == [
        ("2024-06-03", "Day", "Ana", "Calls", 8 * H, 5 * H, 0, 0, 2, 0),
        ("2024-06-03", "Day", "Ana", None, 0, 0, 1 * H, 0, 0, 0),
        ("2024-06-04", None, "Cid", None, 1 * H, 0, 0, 0, 1, 0),
        ("2024-06-05", "Day", "Ana", "Calls", 600, 0, 0, 600, 0, 0),
    ]


def test_intervals_that_cannot_be_distinguished_are_refused(organisation):
    organisation.add("a1", "3 09:00", "3 12:00").add("a1", "3 11:00", "3 13:00")
    with pytest.raises(ValueError, match="overlap"):
        organisation.truth()


def test_the_command_prints_json_lines(organisation, tmp_path):
    organisation.add("a1", "3 09:00", "3 10:00").add("a1", "4 09:00", "4 10:00", mishap="running")
    path = tmp_path / "truth.json"
    path.write_text(json.dumps(organisation.content), encoding="utf-8")

    def run(*options):
        command = [sys.executable, "-m", "oracle.truth", str(path), *options]
        done = subprocess.run(command, cwd=Path(__file__).parent.parent, text=True, check=True, capture_output=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    window = ("--since", "2024-06-03", "--until", "2024-06-10")
    assert run(*window, "--as-of", utc("4 11:00")) == [
        {
            "week_start": "2024-06-03",
            "group_id": "g-day",
            "group": "Day",
            "agent_id": "a1",
            "agent": "Ana",
            "activity_id": "x",
            "activity": "Calls",
            "work_seconds": 3 * H,
            "unconfirmed_seconds": 2 * H,
            "break_seconds": 0,
            "manual_seconds": 0,
            "session_count": 2,
            "incomplete_count": 0,
        }
    ]
    assert [row["workday"] for row in run(*window, "--daily")] == ["2024-06-03", "2024-06-04"]
    assert run(*window, "--notes") == [{"agent_id": "a1", "code": "missing_clock_out", "at": utc("4 09:00")}]
