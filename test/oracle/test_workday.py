"""R3, R4 and the week of R11. The instants around changes of the clock are what PostgreSQL 15 said.

With TIMESHEET_TEST_URI set, a grid of local times is compared with that server as well.
"""

import os
import subprocess
from datetime import date, datetime, timedelta, timezone

import pytest

from oracle.workday import (
    HOUR,
    MINUTE,
    SECOND,
    find_zone,
    instant,
    iso,
    microseconds,
    place,
    to_instant,
    to_local,
    week_start,
)

NEW_YORK = "America/New_York"

AT_TIME_ZONE = [
    # around the hour that spring skips, and the one that autumn repeats
    (NEW_YORK, "2024-03-10 01:59:59.999999", "2024-03-10T06:59:59.999999Z"),
    (NEW_YORK, "2024-03-10 02:00", "2024-03-10T07:00:00Z"),
    (NEW_YORK, "2024-03-10 02:30", "2024-03-10T07:30:00Z"),
    (NEW_YORK, "2024-03-10 03:00", "2024-03-10T07:00:00Z"),
    (NEW_YORK, "2024-11-03 00:59:59.999999", "2024-11-03T04:59:59.999999Z"),
    (NEW_YORK, "2024-11-03 01:00", "2024-11-03T06:00:00Z"),
    (NEW_YORK, "2024-11-03 01:30", "2024-11-03T06:30:00Z"),
    (NEW_YORK, "2024-11-03 02:00", "2024-11-03T07:00:00Z"),
    # beyond the listed changes of the zone
    (NEW_YORK, "2045-03-12 02:30", "2045-03-12T07:30:00Z"),
    (NEW_YORK, "2045-11-05 01:30", "2045-11-05T06:30:00Z"),
    # standard time in summer and a negative daylight saving in winter
    ("Europe/Dublin", "2024-03-31 01:30", "2024-03-31T01:30:00Z"),
    ("Europe/Dublin", "2024-10-27 01:30", "2024-10-27T01:30:00Z"),
    ("Africa/Casablanca", "2024-03-10 02:30", "2024-03-10T02:30:00Z"),
    ("Africa/Casablanca", "2024-04-14 02:30", "2024-04-14T02:30:00Z"),
    # half an hour
    ("Australia/Lord_Howe", "2024-10-06 02:15", "2024-10-05T15:45:00Z"),
    ("Australia/Lord_Howe", "2024-04-07 01:45", "2024-04-06T15:15:00Z"),
    # midnight itself is skipped or repeated
    ("Asia/Beirut", "2024-03-31 00:00", "2024-03-30T22:00:00Z"),
    ("Asia/Beirut", "2024-10-26 23:30", "2024-10-26T21:30:00Z"),
    ("Asia/Beirut", "2024-10-27 00:00", "2024-10-26T22:00:00Z"),
    ("America/Havana", "2024-03-10 00:00", "2024-03-10T05:00:00Z"),
    ("America/Havana", "2024-11-03 00:00", "2024-11-03T05:00:00Z"),
    ("America/Havana", "2024-11-03 00:30", "2024-11-03T05:30:00Z"),
    # a whole day skipped; a change without daylight saving on either side
    ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30T22:00:00Z"),
    ("Europe/Moscow", "2014-10-26 01:30", "2014-10-25T22:30:00Z"),
    # an abbreviation goes before a zone of that name; letters in any case
    ("CET", "2024-07-01 12:00", "2024-07-01T11:00:00Z"),
    ("asia/manila", "2024-07-01 12:00", "2024-07-01T04:00:00Z"),
    # by hours from UTC, as ISO 8601 writes them
    ("UTC+08:00", "2024-07-01 12:00", "2024-07-01T04:00:00Z"),
    ("UTC-05:30", "2024-07-01 12:00", "2024-07-01T17:30:00Z"),
    ("utc+05:45", "2024-07-01 12:00", "2024-07-01T06:15:00Z"),
]


@pytest.mark.parametrize("zone,local,utc", AT_TIME_ZONE)
def test_r4_skipped_and_repeated_local_times(zone, local, utc):
    assert to_instant(datetime.fromisoformat(local), zone) == instant(utc)


def test_r3_an_unknown_zone_is_an_error():
    with pytest.raises(ValueError, match="Mars/Olympus"):
        find_zone("Mars/Olympus")


def test_instants_keep_their_microseconds():
    text = "1969-12-31T23:59:59.999999Z"
    assert instant(text) == -1
    assert iso(-1) == text
    assert instant("2024-06-03T09:00:00+08:00") == instant("2024-06-03T01:00:00Z")


# R3

MANILA = "Asia/Manila"
MON_0100 = instant("2024-06-02T17:00:00Z")  # Monday 3 June, 01:00 in Manila
SAT, SUN, MON, TUE, WED = (date(2024, 6, day) for day in range(1, 6))


@pytest.mark.parametrize(
    "jibble,override,workday,odd",
    [
        (MON, False, MON, False),
        (SUN, False, SUN, False),
        (TUE, False, TUE, False),
        (SAT, False, MON, True),
        (WED, False, MON, True),
        (None, False, MON, False),
        (SUN, True, MON, False),
        (SAT, True, MON, False),
        (None, True, MON, False),
    ],
)
def test_r3_jibbles_date_and_overrides(jibble, override, workday, odd):
    midnight = instant("2024-06-03T16:00:00Z")
    assert place(MON_0100, jibble, MANILA, 0, override) == (workday, midnight, MON, odd)


def test_r3_r4_cut_off_at_noon():
    noon = instant("2024-06-03T04:00:00Z")
    assert place(MON_0100, MON, MANILA, 12 * HOUR, True) == (SUN, noon, SUN, False)
    assert place(noon - 1, MON, MANILA, 12 * HOUR, True) == (SUN, noon, SUN, False)
    assert place(noon, MON, MANILA, 12 * HOUR, True) == (MON, noon + 24 * HOUR, MON, False)


def test_r3_a_cut_off_without_override_still_moves_the_local_date():
    # The setting's cut-off makes the local date Sunday; Jibble's Tuesday is then two days off.
    assert place(MON_0100, MON, MANILA, 12 * HOUR, False)[0::2] == (MON, SUN)
    workday, _, local_date, odd = place(MON_0100, TUE, MANILA, 12 * HOUR, False)
    assert (workday, local_date, odd) == (SUN, SUN, True)


# R4


def test_r4_a_day_has_23_or_25_hours():
    spring = instant("2024-03-10T05:00:00Z")
    autumn = instant("2024-11-03T04:00:00Z")
    assert place(spring, None, NEW_YORK, 0, False)[1] - spring == 23 * HOUR
    assert place(autumn, None, NEW_YORK, 0, False)[1] - autumn == 25 * HOUR


def test_r4_a_workday_end_that_is_skipped_or_repeated():
    before = instant("2024-03-09T20:00:00Z")  # the day ends at 02:30 on 10 March, read as 03:30
    assert place(before, None, NEW_YORK, 150 * MINUTE, True)[1] == instant("2024-03-10T07:30:00Z")
    before = instant("2024-11-02T20:00:00Z")  # and at 01:30 on 3 November, the second time
    assert place(before, None, NEW_YORK, 90 * MINUTE, True)[1] == instant("2024-11-03T06:30:00Z")


@pytest.mark.parametrize(
    "zone,change",
    [
        (NEW_YORK, "2024-03-10T07:00:00Z"),
        (NEW_YORK, "2024-11-03T06:00:00Z"),
        ("Asia/Beirut", "2024-03-30T22:00:00Z"),
        ("Asia/Beirut", "2024-10-26T21:00:00Z"),
        ("America/Havana", "2024-11-03T05:00:00Z"),
        ("Australia/Lord_Howe", "2024-04-06T15:00:00Z"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ],
)
def test_r4_the_workday_end_is_always_after_the_entry(zone, change):
    for minutes in range(-26 * 60, 26 * 60 + 1, 15):
        for cutoff in range(0, 24 * 60, 30):
            start_us = instant(change) + minutes * MINUTE
            assert place(start_us, None, zone, cutoff * MINUTE, True)[1] > start_us


# R11


@pytest.mark.parametrize(
    "starts_on,first",
    [
        (1, "2024-06-03"),
        (2, "2024-06-04"),
        (3, "2024-06-05"),
        (4, "2024-05-30"),
        (5, "2024-05-31"),
        (6, "2024-06-01"),
        (7, "2024-06-02"),
    ],
)
def test_r11_week_of_a_wednesday(starts_on, first):
    assert week_start(date(2024, 6, 5), starts_on) == date.fromisoformat(first)


# The same against a server

GRID_ZONES = [
    MANILA,
    NEW_YORK,
    "Europe/Dublin",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Beirut",
    "America/Havana",
    "Pacific/Apia",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "Asia/Tehran",
    "Europe/Moscow",
    "Pacific/Chatham",
    "Asia/Gaza",
    "Africa/Cairo",
    "America/Santiago",
    "Antarctica/Troll",
    "Europe/Lisbon",
]


def local_times_around_changes(zone_name):
    """Every quarter of an hour, and a microsecond before, for some hours around each change."""
    zone = find_zone(zone_name)

    def offset(utc):
        return utc.replace(tzinfo=timezone.utc).astimezone(zone).utcoffset()

    day, hours = timedelta(days=1), timedelta(hours=6)
    utc = datetime(2000, 1, 1)
    before = offset(utc)
    while utc.year < 2050:
        if offset(utc + day) != before:
            for begin in (utc + n * hours for n in range(4)):
                after = offset(begin + hours)
                if before != after:
                    for quarter in range(-24, 72):
                        local = begin + before + timedelta(minutes=15 * quarter)
                        yield local
                        yield local - timedelta(microseconds=1)
                before = after
        utc += day


@pytest.mark.skipif("TIMESHEET_TEST_URI" not in os.environ, reason="no server to compare with")
def test_r3_r4_at_time_zone_is_the_servers():
    grid = [(zone, local) for zone in GRID_ZONES for local in local_times_around_changes(zone)]
    lines = "".join(f"{i}\t{zone}\t{local}\n" for i, (zone, local) in enumerate(grid))
    script = f"""
        SET timezone = 'UTC';
        CREATE TEMPORARY TABLE grid (i int, zone text, t timestamp);
        COPY grid FROM stdin;\n{lines}\\.
        SELECT (extract(epoch FROM t AT TIME ZONE zone) * {SECOND})::bigint,
               (extract(epoch FROM t::timestamptz AT TIME ZONE zone) * {SECOND})::bigint
        FROM grid ORDER BY i;
    """
    answer = subprocess.run(
        ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", os.environ["TIMESHEET_TEST_URI"]],
        input=script,
        text=True,
        check=True,
        capture_output=True,
    ).stdout.split()
    assert len(answer) == len(grid)
    for (zone, local), line in zip(grid, answer):
        ours = (to_instant(local, zone), microseconds(to_local(microseconds(local), zone)))
        assert (zone, local, *ours) == (zone, local, *map(int, line.split("|")))
