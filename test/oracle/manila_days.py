"""Days of an agent in Manila, for tests to write down and to read back."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from oracle.session_rules import Entry, Settings, notes, sessions
from oracle.workday import HOUR, place, to_instant

MANILA = "Asia/Manila"
A, B = 1, 2
AGENT, GROUP = 7, 3

MON, TUE, WED = date(2024, 6, 3), date(2024, 6, 4), date(2024, 6, 5)
DAYS = {"Sat": date(2024, 6, 1), "Sun": date(2024, 6, 2), "Mon": MON, "Tue": TUE, "Wed": WED}

DEFAULTS = Settings(
    day_cutoff_us=0,
    max_session_us=16 * HOUR,
    overnight_switch_us=6 * HOUR,
    long_session_us=12 * HOUR,
    missing_clock_out="day_end",
    week_starts_on=1,
)


def at(text):
    """`Mon 09:00`, on a clock in Manila, as an instant."""
    day, clock = text.split()
    parts = [int(part) for part in clock.replace(".", ":").split(":")] + [0, 0]
    hour, minute, second, micro = (parts + [0])[:4]
    moment = datetime.combine(DAYS[day], datetime.min.time())
    return to_instant(moment + timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro), MANILA)


LATER = at("Wed 00:00") + 1000 * HOUR


def event(number, when, raw_type, activity=None, cutoff=0, **changes):
    """An entry with the id `number`; Jibble's date, where it counts, is the local one."""
    start_us = at(when)
    workday, end_us, local_date, odd = place(start_us, None, MANILA, cutoff, cutoff != 0)
    entry = Entry(
        jibble_activity_id=UUID(int=number),
        agent_id=AGENT,
        client_group_id=GROUP,
        activity_id=activity,
        start_us=start_us,
        raw_type=raw_type,
        client_type="Web",
        belongs_to_date=local_date,
        workday=workday,
        workday_end_us=end_us,
        deleted=False,
        time_zone=MANILA,
        odd_workday=odd,
    )
    return replace(entry, **changes)


def events(*rows, cutoff=0):
    """Rows of (when, type[, activity]), numbered from 1, given to the rules in reverse."""
    numbered = [event(number, *row, cutoff=cutoff) for number, row in enumerate(rows, 1)]
    return numbered[::-1]


def session_list(entries, as_of=LATER, settings=DEFAULTS, since=None, until=None):
    """Sessions as (activity or 'break', workday, seconds, end_reason)."""
    found = sessions(entries, since, until, None, as_of, settings)
    return [("break" if s.kind == "break" else s.activity_id, s.workday, s.seconds, s.end_reason) for s in found]


def noted(entries, as_of=LATER, settings=DEFAULTS, since=None, until=None):
    """Notes as (code, workday, number of the entry)."""
    return [(n.code, n.workday, n.jibble_activity_id.int) for n in notes(entries, since, until, None, as_of, settings)]


H = 3600
