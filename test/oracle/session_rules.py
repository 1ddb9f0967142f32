"""The session rules R1, R2 and R5 to R13, word by word, as slowly as they read.

No entry is looked up by its position in a sorted list: whatever the rules call *n* is found by
looking through all of the agent's live entries. Every instant and duration is a whole number of
microseconds. R3 and R4 are in `workday`, which also offers `place` from here.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from oracle.workday import ONE_DAY, SECOND, place, week_start

__all__ = [
    "Attendance",
    "DayHours",
    "Entry",
    "HourEntry",
    "Note",
    "Session",
    "Settings",
    "WeekHours",
    "attendance",
    "daily_hours",
    "notes",
    "place",
    "sessions",
    "weekly_hours",
]

OUT, BREAK, WORK = "out", "break", "work"
KINDS = {"In": WORK, "StartBreak": BREAK, "Out": OUT}
RANKS = {OUT: 0, BREAK: 1, WORK: 2}


@dataclass(frozen=True)
class Entry:
    """A time entry, its workday and the end of it already placed (R3, R4)."""

    jibble_activity_id: UUID
    agent_id: int
    client_group_id: int | None
    activity_id: int | None
    start_us: int
    raw_type: str
    client_type: str | None
    belongs_to_date: date | None
    workday: date
    workday_end_us: int
    deleted: bool
    time_zone: str
    # What `place` said. None: unknown, then a workday more than one day from Jibble's date is
    # taken to mean it, which is right where no override is effective.
    odd_workday: bool | None = None
    # What names no zone, where one was passed over to place the entry.
    unknown_time_zone: str | None = None


@dataclass(frozen=True)
class HourEntry:
    agent_id: int
    client_group_id: int | None
    activity_id: int | None
    date: date
    seconds: int
    deleted: bool


@dataclass(frozen=True)
class Settings:
    day_cutoff_us: int
    max_session_us: int
    overnight_switch_us: int
    long_session_us: int
    missing_clock_out: str
    week_starts_on: int
    activity_after_break: str = "as_sent"


@dataclass(frozen=True)
class Session:
    agent_id: int
    client_group_id: int | None
    activity_id: int | None
    workday: date
    kind: str
    started_at: int
    ended_at: int
    seconds: int
    end_reason: str
    is_complete: bool
    jibble_activity_id: UUID


@dataclass(frozen=True)
class DayHours:
    workday: date
    agent_id: int
    client_group_id: int | None
    activity_id: int | None
    work_seconds: int
    unconfirmed_seconds: int
    break_seconds: int
    manual_seconds: int
    session_count: int
    incomplete_count: int


@dataclass(frozen=True)
class WeekHours:
    week_start: date
    agent_id: int
    client_group_id: int | None
    activity_id: int | None
    work_seconds: int
    unconfirmed_seconds: int
    break_seconds: int
    manual_seconds: int
    session_count: int
    incomplete_count: int


@dataclass(frozen=True)
class Note:
    workday: date
    agent_id: int
    client_group_id: int | None
    code: str
    at: int
    jibble_activity_id: UUID


@dataclass(frozen=True)
class Attendance:
    workday: date
    agent_id: int
    clock_in_us: int | None
    clock_out_us: int | None
    last_activity_us: int | None


def kind_of(entry):
    """R1: what an entry is; None for a type that the engine ignores."""
    return KINDS.get(entry.raw_type)


def is_live(entry):
    """R1: neither deleted nor of an unknown type."""
    return not entry.deleted and kind_of(entry) is not None


def order(entry):
    """R2: where an entry is among its agent's."""
    return (entry.start_us, RANKS[kind_of(entry)], entry.jibble_activity_id)


def inside(workday, since, until):
    """R11: a workday inside [since, until); None is unbounded."""
    return (since is None or workday >= since) and (until is None or workday < until)


def wanted(agent_id, for_agent):
    return for_agent is None or agent_id == for_agent


def live_entries_by_agent(entries, for_agent):
    """R2: each agent's live entries, in order."""
    agents = sorted({entry.agent_id for entry in entries if wanted(entry.agent_id, for_agent)})
    return {agent: sorted((e for e in entries if e.agent_id == agent and is_live(e)), key=order) for agent in agents}


def next_entry(e, live, settings):
    """R5: n, the next live entry not later than e.time + max_session, else None."""
    found = None
    for candidate in live:
        if candidate.start_us < e.start_us:
            continue
        if candidate.start_us > e.start_us + settings.max_session_us:
            continue
        if order(candidate) <= order(e):
            continue
        if found is None or order(candidate) < order(found):
            found = candidate
    return found


def closes(n, e, settings):
    """R5: whether n closes e, or a forgotten event is the likelier story."""
    gap = n.start_us - e.start_us
    if kind_of(e) == BREAK and gap > settings.overnight_switch_us:
        return False
    if kind_of(e) == WORK and kind_of(n) == WORK:
        if n.start_us > e.workday_end_us and gap > settings.overnight_switch_us:
            return False
    return True


def end_of(e, n, as_of_us, settings):
    """R5, R6, R7: (ended_at, end_reason) of the session that e opens, n being its next or None."""
    if n is not None and closes(n, e, settings):
        if kind_of(n) == WORK:
            return n.start_us, "next_activity"
        if kind_of(n) == BREAK:
            return n.start_us, "break"
        if n.client_type == "AutoOut":
            return n.start_us, "auto_clock_out"
        return n.start_us, "clock_out"

    latest_end_us = e.start_us + settings.max_session_us
    if n is None and as_of_us < latest_end_us:
        return max(e.start_us, as_of_us), "running"

    if kind_of(e) == BREAK:
        return e.start_us, "break_left_open"
    if settings.missing_clock_out == "zero":
        return e.start_us, "missing_clock_out"
    if n is not None:
        return min(e.workday_end_us, latest_end_us, n.start_us), "missing_clock_out"
    return min(e.workday_end_us, latest_end_us), "missing_clock_out"


def previous_entry(e, live):
    """R2: the live entry directly before e, else None."""
    found = None
    for candidate in live:
        if order(candidate) < order(e) and (found is None or order(candidate) > order(found)):
            found = candidate
    return found


def is_closed_by(e, n, live, settings):
    """R5: whether e opens a session and n closes it."""
    return kind_of(e) in (WORK, BREAK) and next_entry(e, live, settings) == n and closes(n, e, settings)


def activity_of(e, live, settings):
    """R8: the activity that a work entry's session counts for."""
    if settings.activity_after_break == "as_sent" or e.activity_id is not None:
        return e.activity_id
    # The unbroken run of breaks before it, each closed by the next, the last by e.
    passed = [e]
    before = previous_entry(e, live)
    while before is not None and kind_of(before) == BREAK and is_closed_by(before, passed[-1], live, settings):
        passed.append(before)
        before = previous_entry(before, live)
    if len(passed) == 1:
        return None  # it closed no break
    if before is None or kind_of(before) != WORK or not is_closed_by(before, passed[-1], live, settings):
        return None  # no work ended by the first of the breaks
    passed.append(before)
    if len({p.workday for p in passed}) > 1 or len({p.client_group_id for p in passed}) > 1:
        return None
    return activity_of(before, live, settings)


def session_of(e, live, as_of_us, settings):
    """R5 to R8, R12: the session that a work or break entry opens."""
    n = next_entry(e, live, settings)
    ended_at, end_reason = end_of(e, n, as_of_us, settings)
    return Session(
        agent_id=e.agent_id,
        client_group_id=e.client_group_id,
        activity_id=activity_of(e, live, settings) if kind_of(e) == WORK else e.activity_id,
        workday=e.workday,
        kind=kind_of(e),
        started_at=e.start_us,
        ended_at=ended_at,
        seconds=(ended_at - e.start_us) // SECOND,
        end_reason=end_reason,
        is_complete=end_reason in ("next_activity", "break", "clock_out", "auto_clock_out"),
        jibble_activity_id=e.jibble_activity_id,
    )


def sessions(entries, since, until, for_agent, as_of_us, settings):
    """sessions(), per agent in R2 order. A null as_of is the caller's to resolve."""
    if as_of_us is None:
        raise TypeError("as_of_us must be an instant")
    if settings.missing_clock_out not in ("day_end", "zero"):
        raise ValueError(f"missing_clock_out: {settings.missing_clock_out!r}")
    if settings.activity_after_break not in ("as_sent", "carried_on"):
        raise ValueError(f"activity_after_break: {settings.activity_after_break!r}")
    result = []
    for live in live_entries_by_agent(entries, for_agent).values():
        for e in live:
            if kind_of(e) in (WORK, BREAK) and inside(e.workday, since, until):
                result.append(session_of(e, live, as_of_us, settings))
    return result


def attendance(entries, since, until, for_agent, as_of_us, settings, hour_entries=()):
    """R9: a row per agent and workday with a live entry (or, if given, manual hours)."""
    all_sessions = sessions(entries, since, until, for_agent, as_of_us, settings)
    live_by_agent = live_entries_by_agent(entries, for_agent)
    days = {(e.agent_id, e.workday) for live in live_by_agent.values() for e in live}
    days |= {(h.agent_id, h.date) for h in hour_entries if not h.deleted and wanted(h.agent_id, for_agent)}
    result = []
    for agent, workday in sorted(days):
        if not inside(workday, since, until):
            continue
        live = [e for e in live_by_agent.get(agent, []) if e.workday == workday]
        work = [e for e in live if kind_of(e) == WORK]
        of_day = [s for s in all_sessions if s.agent_id == agent and s.workday == workday]
        clock_out_us = None
        if of_day and of_day[-1].end_reason in ("clock_out", "auto_clock_out"):
            clock_out_us = of_day[-1].ended_at
        result.append(
            Attendance(
                workday=workday,
                agent_id=agent,
                clock_in_us=work[0].start_us if work else None,
                clock_out_us=clock_out_us,
                last_activity_us=live[-1].start_us if live else None,
            )
        )
    return result


def nulls_first(value):
    return (value is not None, 0 if value is None else value)


def daily_hours(entries, hour_entries, since, until, for_agent, as_of_us, settings):
    """R8, R10: daily_hours(), a row per workday, agent, client group and activity."""
    of_day = sessions(entries, since, until, for_agent, as_of_us, settings)
    manual = [
        h for h in hour_entries if not h.deleted and wanted(h.agent_id, for_agent) and inside(h.date, since, until)
    ]

    def session_key(s):
        return (s.workday, s.agent_id, s.client_group_id, s.activity_id)

    def manual_key(h):
        return (h.date, h.agent_id, h.client_group_id, h.activity_id)

    keys = {session_key(s) for s in of_day} | {manual_key(h) for h in manual}
    sessions_of = {key: [] for key in keys}
    manual_of = {key: [] for key in keys}
    for s in of_day:
        sessions_of[session_key(s)].append(s)
    for h in manual:
        manual_of[manual_key(h)].append(h)

    result = []
    for key in sorted(keys, key=lambda k: (k[0], k[1], nulls_first(k[2]), nulls_first(k[3]))):
        workday, agent_id, client_group_id, activity_id = key
        work = [s for s in sessions_of[key] if s.kind == WORK]
        breaks = [s for s in sessions_of[key] if s.kind == BREAK]
        unconfirmed = [s for s in work if s.end_reason in ("auto_clock_out", "missing_clock_out", "running")]
        manual_seconds = sum(h.seconds for h in manual_of[key])
        result.append(
            DayHours(
                workday=workday,
                agent_id=agent_id,
                client_group_id=client_group_id,
                activity_id=activity_id,
                work_seconds=sum(s.seconds for s in work) + manual_seconds,
                unconfirmed_seconds=sum(s.seconds for s in unconfirmed),
                break_seconds=sum(s.seconds for s in breaks),
                manual_seconds=manual_seconds,
                session_count=len(work),
                incomplete_count=len([s for s in work if s.end_reason == "missing_clock_out"]),
            )
        )
    return result


def weekly_hours(entries, hour_entries, since, until, for_agent, as_of_us, settings, group_week_starts=None):
    """R11: weekly_hours(). `group_week_starts`: client group id to ISO weekday or None."""
    days = daily_hours(entries, hour_entries, since, until, for_agent, as_of_us, settings)

    def key_of(d):
        week_starts_on = (group_week_starts or {}).get(d.client_group_id)
        if week_starts_on is None:
            week_starts_on = settings.week_starts_on
        start = week_start(d.workday, week_starts_on)
        return (start, d.agent_id, d.client_group_id, d.activity_id)

    days_of = {key_of(d): [] for d in days}
    for d in days:
        days_of[key_of(d)].append(d)
    result = []
    for key in sorted(days_of, key=lambda k: (k[0], k[1], nulls_first(k[2]), nulls_first(k[3]))):
        start, agent_id, client_group_id, activity_id = key
        of_week = days_of[key]
        result.append(
            WeekHours(
                week_start=start,
                agent_id=agent_id,
                client_group_id=client_group_id,
                activity_id=activity_id,
                work_seconds=sum(d.work_seconds for d in of_week),
                unconfirmed_seconds=sum(d.unconfirmed_seconds for d in of_week),
                break_seconds=sum(d.break_seconds for d in of_week),
                manual_seconds=sum(d.manual_seconds for d in of_week),
                session_count=sum(d.session_count for d in of_week),
                incomplete_count=sum(d.incomplete_count for d in of_week),
            )
        )
    return result


def note_of(code, entry):
    return Note(entry.workday, entry.agent_id, entry.client_group_id, code, entry.start_us, entry.jibble_activity_id)


def notes_of_session(s, settings):
    """R13: the codes that a session asks for."""
    codes = []
    if s.end_reason in ("missing_clock_out", "break_left_open"):
        codes.append(s.end_reason)
    if s.kind == WORK and s.end_reason == "auto_clock_out":
        codes.append("auto_clock_out")
    if s.kind == WORK and s.ended_at - s.started_at > settings.long_session_us:
        codes.append("long_session")
    return [Note(s.workday, s.agent_id, s.client_group_id, code, s.started_at, s.jibble_activity_id) for code in codes]


def ids_that_close(live, settings):
    """R5: the ids of the entries that close a session."""
    ids = set()
    for e in live:
        if kind_of(e) in (WORK, BREAK):
            n = next_entry(e, live, settings)
            if n is not None and closes(n, e, settings):
                ids.add(n.jibble_activity_id)
    return ids


def is_odd_workday(entry):
    """R3, R13: whether Jibble's date was set aside."""
    if entry.odd_workday is not None:
        return entry.odd_workday
    if entry.belongs_to_date is None:
        return False
    return abs(entry.belongs_to_date - entry.workday) > ONE_DAY


def notes(entries, since, until, for_agent, as_of_us, settings):
    """R13: notes() (without detail), whose workday is in [since, until)."""
    result = []
    for s in sessions(entries, since, until, for_agent, as_of_us, settings):
        result += notes_of_session(s, settings)

    for entry in entries:
        if wanted(entry.agent_id, for_agent) and not entry.deleted and kind_of(entry) is None:
            result.append(note_of("unknown_type", entry))

    for live in live_entries_by_agent(entries, for_agent).values():
        closing = ids_that_close(live, settings)
        days_without_group = set()
        days_of_unknown_zones = {e.workday for e in live if e.unknown_time_zone is not None}
        for entry in live:
            if kind_of(entry) == OUT and entry.jibble_activity_id not in closing:
                result.append(note_of("clock_out_without_clock_in", entry))
            if is_odd_workday(entry):
                result.append(note_of("odd_workday", entry))
            if entry.client_group_id is None and entry.workday not in days_without_group:
                days_without_group.add(entry.workday)
                result.append(note_of("no_client_group", entry))
            if entry.workday in days_of_unknown_zones:  # live is in order: the first of the day
                days_of_unknown_zones.remove(entry.workday)
                result.append(note_of("unknown_time_zone", entry))

    kept = [note for note in result if inside(note.workday, since, until)]
    return sorted(kept, key=lambda n: (n.agent_id, n.at, n.jibble_activity_id, n.code))
