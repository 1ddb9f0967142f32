"""R3 and R4: on which workday an entry falls, and when that workday ends.

Instants are whole microseconds since 1970-01-01T00:00:00Z, never floats. A local time is a
`datetime` without a zone, what SQL calls `timestamp without time zone`.
"""

import functools
import re
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

EPOCH = datetime(1970, 1, 1)
ONE_DAY = timedelta(days=1)
ONE_MICROSECOND = timedelta(microseconds=1)

# Zone names that PostgreSQL 15 reads as an abbreviation before it looks for a zone of that name,
# so that they are a fixed offset there although the zone of that name has daylight saving.
FIXED_ABBREVIATIONS = {"cet": 1, "eet": 2, "met": 1, "wet": 0}

ZONES_BY_LOWER_CASE_NAME = {name.lower(): name for name in available_timezones()}


@functools.cache
def find_zone(name):
    """A zone by its name, in any case of letters, as SQL's AT TIME ZONE takes it; also UTC±hh:mm, east if +."""
    lower = name.lower()
    if offset := re.fullmatch(r"utc([+-])(\d\d):(\d\d)", lower):
        east = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(east if offset[1] == "+" else -east)
    if lower in FIXED_ABBREVIATIONS:
        return timezone(timedelta(hours=FIXED_ABBREVIATIONS[lower]))
    if lower not in ZONES_BY_LOWER_CASE_NAME:
        raise ValueError(f"unknown time zone: {name!r}")
    return ZoneInfo(ZONES_BY_LOWER_CASE_NAME[lower])


def microseconds(moment):
    """The microseconds from 1970-01-01 00:00 to a datetime without a zone."""
    return (moment - EPOCH) // ONE_MICROSECOND


def instant(text):
    """An ISO 8601 instant, with `Z` or an offset, as microseconds."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {text!r}")
    return microseconds(moment.astimezone(timezone.utc).replace(tzinfo=None))


def iso(instant_us):
    """Microseconds as an ISO 8601 instant in UTC, always with six decimals."""
    moment = EPOCH + instant_us * ONE_MICROSECOND
    return moment.isoformat(timespec="microseconds") + "Z"


def to_local(instant_us, zone_name):
    """`instant AT TIME ZONE zone`: the wall clock at that instant."""
    utc = (EPOCH + instant_us * ONE_MICROSECOND).replace(tzinfo=timezone.utc)
    return utc.astimezone(find_zone(zone_name)).replace(tzinfo=None, fold=0)


def to_instant(local, zone_name):
    """`local AT TIME ZONE zone`: the instant at which the wall clock shows `local`.

    Around a change of offset PostgreSQL reads the local time with the offset before the change and
    with the one after it. Python calls these two fold 0 and fold 1.
    """
    zone = find_zone(zone_name)
    offset_before = local.replace(tzinfo=zone, fold=0).utcoffset()
    offset_after = local.replace(tzinfo=zone, fold=1).utcoffset()
    read_with_before = microseconds(local - offset_before)
    read_with_after = microseconds(local - offset_after)
    if offset_before == offset_after:
        return read_with_before  # an ordinary local time
    if offset_before < offset_after:
        return read_with_before  # skipped: the clock went forward over it
    return read_with_after  # repeated: the clock went back over it


def place(start_us, belongs_to_date, zone, day_cutoff_us, override_in_force):
    """R3, R4: (workday, workday_end_us, local_date, odd) of an entry at `start_us`.

    `belongs_to_date` is Jibble's date or None; `zone` and `day_cutoff_us` are those effective for
    the entry; `odd` says that Jibble's date was set aside, which asks for a note `odd_workday`.
    """
    cutoff = timedelta(microseconds=day_cutoff_us)

    # R3: ((start_time_utc AT TIME ZONE zone) - day_cutoff)::date
    local_date = (to_local(start_us, zone) - cutoff).date()

    # R4: (local_date + 1 + day_cutoff) AT TIME ZONE zone, whatever the workday
    midnight = datetime(local_date.year, local_date.month, local_date.day)
    workday_end_us = to_instant(midnight + ONE_DAY + cutoff, zone)

    # R3: an override decides alone; so does the clock where Jibble gives no date
    if override_in_force or belongs_to_date is None:
        return local_date, workday_end_us, local_date, False
    # R3: Jibble's date if that is within one day
    if abs(belongs_to_date - local_date) <= ONE_DAY:
        return belongs_to_date, workday_end_us, local_date, False
    return local_date, workday_end_us, local_date, True


def week_start(workday, week_starts_on):
    """R11: the first day of the week that holds `workday`; 1 is Monday and 7 Sunday."""
    day: date = workday
    while day.isoweekday() != week_starts_on:
        day -= ONE_DAY
    return day
