"""Expected hours of a fake organisation, from what its people really did.

The truth file says when a person worked; the events were derived from it afterwards. Nothing here
reads an event, a time entry or a session: each interval is asked what the rules can know of it.

    python3 -m oracle.truth TRUTH.json --since D --until D [--as-of ISO] [--daily | --notes]
"""

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import date

from oracle.workday import HOUR, SECOND, instant, iso, place, week_start

# The settings' defaults, which a fake organisation does not change.
MAX_SESSION = 16 * HOUR
OVERNIGHT_SWITCH = 6 * HOUR
WEEK_STARTS_ON = 1

FAR_FUTURE = "9999-01-01T00:00:00Z"


@dataclass(frozen=True)
class Outcome:
    """What the rules make of one interval."""

    interval: dict
    workday: date
    end_us: int
    end_reason: str

    @property
    def seconds(self):
        """R12: whole seconds, truncated once."""
        return (self.end_us - self.interval["start_us"]) // SECOND


class Truth:
    def __init__(self, content):
        self.groups = {g["id"]: g for g in content["groups"]}
        self.activities = {a["id"]: a for a in content["activities"]}
        self.agents = {a["id"]: a for a in content["agents"]}
        self.hour_entries = content["hour_entries"]
        self.intervals = [self.read_interval(i) for i in content["intervals"]]
        self.by_agent = {agent: [] for agent in self.agents}
        for interval in self.intervals:
            self.by_agent[interval["agent_id"]].append(interval)
        for intervals in self.by_agent.values():
            intervals.sort(key=lambda i: i["start_us"])
            check_intervals(intervals)
        # The agent's next interval, None after the last.
        self.following = {
            this["start_event_id"]: then
            for intervals in self.by_agent.values()
            for this, then in zip(intervals, intervals[1:] + [None])
        }

    @staticmethod
    def read_interval(interval):
        start_us = instant(interval["start"])
        open_ended = bool(interval.get("lost_out") or interval.get("running"))
        end = interval.get("end")
        return {**interval, "start_us": start_us, "end_us": instant(end) if end else None, "open_ended": open_ended}

    def group_of(self, agent_id):
        group_id = self.agents[agent_id]["group_id"]
        return self.groups[group_id] if group_id is not None else None

    def cutoff_us(self, agent_id):
        group = self.group_of(agent_id)
        if group is None:
            return 0
        hours, minutes = group["day_cutoff"].split(":")[:2]
        return (int(hours) * 60 + int(minutes)) * 60 * SECOND

    def workday_of(self, interval):
        """R3, R4: (workday, workday_end_us).

        A group with a cut-off of its own has an effective override: the workday is the local date
        moved by the cut-off. For the others Jibble's date is the local date, the same either way.
        """
        agent = self.agents[interval["agent_id"]]
        cutoff_us = self.cutoff_us(agent["id"])
        workday, workday_end_us, _, _ = place(interval["start_us"], None, agent["time_zone"], cutoff_us, cutoff_us != 0)
        return workday, workday_end_us


def check_intervals(intervals):
    """One agent's intervals follow one another, each with a length of its own.

    Without this its own length would say nothing: at one instant an Out comes before an In.
    """
    for this, then in zip(intervals, intervals[1:]):
        if then["start_us"] <= this["start_us"]:
            raise ValueError(f"two intervals start at once: {this} and {then}")
        if not this["open_ended"] and then["start_us"] < this["end_us"]:
            raise ValueError(f"intervals overlap: {this} and {then}")
    for this in intervals:
        if not this["open_ended"] and this["end_us"] <= this["start_us"]:
            raise ValueError(f"an interval without length: {this}")


def end_event(truth, interval):
    """(what, when) of the first event after the interval's own start, (None, None) without one.

    - The interval is followed at once by the next of its shift: that one's start.
    - It is the last of a shift and ended by a recorded Out: the Out, at the interval's end.
    - Its Out was lost, or it runs: nothing is recorded until the agent's next interval starts.
      That start is an In or a StartBreak, never an Out, for every Out has an interval before it.
    """
    then = truth.following[interval["start_event_id"]]
    contiguous = then is not None and then["start_us"] == interval["end_us"]
    if not interval["open_ended"] and not (contiguous and not interval.get("auto_out")):
        return ("auto_out" if interval.get("auto_out") else "out"), interval["end_us"]
    if then is None:
        return None, None
    return then["kind"], then["start_us"]


def outcome(truth, interval, as_of_us):
    """R5, R6, R7 for one interval."""
    start_us = interval["start_us"]
    is_break = interval["kind"] == "break"
    workday, workday_end_us = truth.workday_of(interval)
    what, when_us = end_event(truth, interval)

    def ends(end_us, end_reason):
        return Outcome(interval, workday, end_us, end_reason)

    # R5 looks no further than 16 hours: a later event is as good as none.
    if what is not None and when_us > start_us + MAX_SESSION:
        what, when_us = None, None

    if what is None:
        # R6: before 16 hours are over, the person may still be at it.
        if as_of_us < start_us + MAX_SESSION:
            return ends(max(start_us, as_of_us), "running")
        # R6: later it is forgotten. Of a break nothing counts; work counts to the end of its
        # workday, and never longer than 16 hours.
        if is_break:
            return ends(start_us, "break_left_open")
        return ends(min(workday_end_us, start_us + MAX_SESSION), "missing_clock_out")

    gap_us = when_us - start_us

    # R5: a break of more than six hours was forgotten, whatever comes after it. R6: its length is
    # then nothing, and as_of does not matter because there is an event.
    if is_break and gap_us > OVERNIGHT_SWITCH:
        return ends(start_us, "break_left_open")

    # R5: from work to work after the workday's end, and more than six hours later: the In begins a
    # new shift and the clock-out between was forgotten. R6: the earliest of the workday's end, 16
    # hours and the In. The In is inside 16 hours and after the workday's end, so the latter it is.
    if not is_break and what == "work" and when_us > workday_end_us and gap_us > OVERNIGHT_SWITCH:
        return ends(workday_end_us, "missing_clock_out")

    # Everything else closes, at the event's own time. For a recorded end that is the interval's own
    # length. For a lost one it is longer than what was worked, but that cannot be known:
    # - work, then an In on the same workday, or soon after it: it looks like a change of activity;
    # - work, then a StartBreak: only of work after work may a clock-out be missing;
    # - a break, then anything within six hours.
    reasons = {"work": "next_activity", "break": "break", "out": "clock_out", "auto_out": "auto_clock_out"}
    return ends(when_us, reasons[what])


def inside(day, since, until):
    """R11: a workday in [since, until)."""
    return (since is None or day >= since) and (until is None or day < until)


def hours(truth, since, until, as_of_us, period, name):
    """R8, R10, R11: rows per period, agent and activity; `period` maps a workday to its start."""
    rows = {}

    def row(workday, agent_id, activity_id):
        key = (period(workday), agent_id, activity_id)
        if key not in rows:
            group = truth.group_of(agent_id)
            activity = truth.activities[activity_id] if activity_id is not None else None
            rows[key] = {
                name: key[0].isoformat(),
                "group_id": group["id"] if group else None,
                "group": group["name"] if group else None,
                "agent_id": agent_id,
                "agent": truth.agents[agent_id]["full_name"],
                "activity_id": activity_id,
                "activity": activity["name"] if activity else None,
                "work_seconds": 0,
                "unconfirmed_seconds": 0,
                "break_seconds": 0,
                "manual_seconds": 0,
                "session_count": 0,
                "incomplete_count": 0,
            }
        return rows[key]

    for interval in truth.intervals:
        result = outcome(truth, interval, as_of_us)
        if not inside(result.workday, since, until):
            continue
        cells = row(result.workday, interval["agent_id"], interval["activity_id"])
        if interval["kind"] == "break":
            cells["break_seconds"] += result.seconds
            continue
        cells["work_seconds"] += result.seconds
        cells["session_count"] += 1
        if result.end_reason in ("auto_clock_out", "missing_clock_out", "running"):
            cells["unconfirmed_seconds"] += result.seconds
        if result.end_reason == "missing_clock_out":
            cells["incomplete_count"] += 1

    for entry in truth.hour_entries:
        day = date.fromisoformat(entry["date"])
        if entry["archived"] or not inside(day, since, until):
            continue
        cells = row(day, entry["agent_id"], entry["activity_id"])
        cells["work_seconds"] += entry["seconds"]
        cells["manual_seconds"] += entry["seconds"]

    def position(cells):
        """By names, a missing one last; ids only part those of one name."""
        names = [cells[name]]
        for column in ("group", "agent", "activity"):
            names += [cells[column] is None, cells[column] or ""]
        return names + [cells["agent_id"], cells["activity_id"] or ""]

    return sorted(rows.values(), key=position)


def expected_notes(truth, since, until, as_of_us):
    """R13: the notes about ends that are missing or not a person's own."""
    rows = []
    for interval in truth.intervals:
        result = outcome(truth, interval, as_of_us)
        if not inside(result.workday, since, until):
            continue
        wanted = ["missing_clock_out", "break_left_open"]
        if interval["kind"] == "work":
            wanted.append("auto_clock_out")
        if result.end_reason in wanted:
            rows.append({"agent_id": interval["agent_id"], "code": result.end_reason, "at": iso(interval["start_us"])})
    return sorted(rows, key=lambda r: (r["agent_id"], r["at"], r["code"]))


def first_of_week(workday):
    return week_start(workday, WEEK_STARTS_ON)


def same_day(workday):
    return workday


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="oracle.truth", description="Expected hours of a fake organisation, as JSON lines."
    )
    parser.add_argument("truth", help="the truth file")
    parser.add_argument("--since", type=date.fromisoformat, help="first workday")
    parser.add_argument("--until", type=date.fromisoformat, help="the day after the last workday")
    parser.add_argument(
        "--as-of",
        type=instant,
        default=instant(FAR_FUTURE),
        help="the instant of asking (default: when everything is long over)",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--daily", action="store_true", help="by workday, not by week")
    what.add_argument("--notes", action="store_true", help="the expected notes about ends")
    options = parser.parse_args(arguments)

    with open(options.truth, encoding="utf-8") as file:
        truth = Truth(json.load(file))
    window = (options.since, options.until, options.as_of)
    if options.notes:
        rows = expected_notes(truth, *window)
    elif options.daily:
        rows = hours(truth, *window, same_day, "workday")
    else:
        rows = hours(truth, *window, first_of_week, "week_start")
    sys.stdout.reconfigure(encoding="utf-8")
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
