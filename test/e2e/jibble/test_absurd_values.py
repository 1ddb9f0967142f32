"""What no person can have worked is a problem that says so, stops nobody else's hours, and no sum can overflow."""

import json

import psycopg
import pytest

from conftest import ENGINES
from stage import Stage, guid

LIMIT = 8784 * 3600
# duration: what its problem says; the rest of the text is the duration itself.
REJECTED = {
    "P490000Y": "is not one in weeks",
    "P1Y": "is not one in weeks",
    "P1M": "is not one in weeks",
    "P0001-02-03T04:05:06": "is not one in weeks",
    "P": "is not one in weeks",
    "PT": "is not one in weeks",
    "8 hours": "is not one in weeks",
    "infinity": "is not one in weeks",
    "PTNaNS": "is not one in weeks",
    "PT1e400S": "is not one in weeks",
    "Pinfinity": "is not one in weeks",
    "PT5H;": "is not one in weeks",
    "": "is not one in weeks",
    "--PT5H": "is not one in weeks",
    "PT8784H1S": "is not from 0 to 8784 hours",
    "PT8785H": "is not from 0 to 8784 hours",
    "P367D": "is not from 0 to 8784 hours",
    "PT1000000000H": "is not from 0 to 8784 hours",
    "-PT1S": "is not from 0 to 8784 hours",
    "PT-8H": "is not from 0 to 8784 hours",
    "PT1H-90M": "is not from 0 to 8784 hours",
    "-P1D": "is not from 0 to 8784 hours",
    "PT99999999999999999999H": "is not from 0 to 8784 hours",
    "P9999999999W": "is not from 0 to 8784 hours",
    "-PT99999999999999999999S": "is not from 0 to 8784 hours",
}
ACCEPTED = {
    "PT0S": 0,
    "-PT0.9S": 0,
    "P0D": 0,
    "PT0.9S": 0,
    "PT40H": 144000,
    "P1W": 604800,
    "P1DT6H6M52.753408S": 108412,
    "PT5H-30M": 16200,
    "PT8784H": LIMIT,
    "PT31622400.9S": LIMIT,
    "P366D": LIMIT,
}


@pytest.fixture(scope="module")
def kept(migrated_database):
    uri = migrated_database()
    it = Stage(uri)
    it.client_group(1)
    it.agent(1, 1)
    it.agent(2, 1)
    it.shift(1, 2, 0, "09:00", "17:30")
    it.contact("ann@example.com", 1)
    yield it
    it.close()


@pytest.fixture
def stage(kept):
    """What a test does is turned back."""
    with kept.db.transaction(force_rollback=True):
        yield kept


def hours(n, duration, agent=1, date=None, stage=None):
    return {
        "id": guid("hours", n),
        "personId": guid("agent", agent),
        "date": date or str(stage.week),
        "duration": duration,
        "status": "Active",
    }


def problems(db):
    return dict(
        db.execute(
            "SELECT r.payload ->> 'duration', p.problem FROM timesheet.ingest_problems AS p "
            "JOIN timesheet.raw_events AS r USING (raw_event_id)"
        ).fetchall()
    )


def sums(db, engine, function="daily_hours"):
    return sorted(
        db.execute(
            f"SELECT agent_id, work_seconds, manual_seconds FROM timesheet.{engine}_{function}(NULL, NULL, NULL, now())"
        ).fetchall()
    )


def test_an_impossible_length_of_work_is_a_problem_that_says_so(stage):
    stage.feed("HourEntries", *(hours(n, text, stage=stage) for n, text in enumerate([*REJECTED, *ACCEPTED])))
    found = problems(stage.db)
    assert {
        text: found.get(text)
        for text, said in REJECTED.items()
        if said not in found.get(text, "") or text.lstrip("-") not in found[text]
    } == {}
    assert len(found) == len(REJECTED)
    assert (
        dict(
            stage.db.execute(
                "SELECT r.payload ->> 'duration', h.seconds FROM timesheet.hour_entries AS h "
                "JOIN timesheet.raw_events AS r USING (jibble_id)"
                " WHERE r.resource = 'HourEntries'"
            )
        )
        == ACCEPTED
    )
    # Each is noted on its day.
    assert stage.db.execute(
        "SELECT count(*) FROM timesheet.notes WHERE code = 'rejected_entry' AND workday = %s", (stage.week,)
    ).fetchone() == (len(REJECTED),)


def test_what_was_understood_before_stays_when_a_length_becomes_absurd(stage):
    stage.feed("HourEntries", hours(1, "PT5H", stage=stage))
    stage.feed("HourEntries", hours(1, "P490000Y", stage=stage))
    assert stage.db.execute("SELECT seconds FROM timesheet.hour_entries").fetchall() == [(18000,)]
    stage.feed("HourEntries", hours(1, "PT6H", stage=stage))
    assert stage.db.execute("SELECT seconds FROM timesheet.hour_entries").fetchall() == [(21600,)]


def test_many_entries_of_490000_years_each_keep_no_agent_from_their_hours(stage):
    stage.feed("HourEntries", *(hours(n, "P490000Y", stage=stage) for n in range(300)), hours(300, "PT8H", stage=stage))
    assert len(problems(stage.db)) == 1 and stage.db.execute(
        "SELECT count(*) FROM timesheet.ingest_problems"
    ).fetchone() == (300,)
    for engine in ENGINES:
        assert sums(stage.db, engine) == [(1, 28800, 28800), (2, 30600, 0)]
    stage.db.execute("SELECT timesheet.refresh()")
    assert stage.db.execute("SELECT sum(work_seconds) FROM timesheet.weekly_report").fetchone() == (59400,)


def test_the_most_that_is_allowed_many_times_over_is_summed_alike_and_shown(stage):
    """26 million hours, of which every reader and the digest can tell."""
    stage.db.execute(
        "INSERT INTO timesheet.hour_entries (jibble_id, agent_id, client_group_id, workday, seconds) "
        "SELECT gen_random_uuid(), 1, 1, %s, %s FROM generate_series(1, 3000)",
        (stage.week, LIMIT),
    )
    for is_stored in (False, True):
        if is_stored:
            stage.db.execute("SELECT timesheet.refresh()")
        for engine in ENGINES:
            for function in ("daily_hours", "weekly_hours"):
                assert sums(stage.db, engine, function) == [(1, 3000 * LIMIT, 3000 * LIMIT), (2, 30600, 0)]
        for view in ("weekly_report", "daily_report", "attendance"):
            assert stage.db.execute(f"SELECT work_seconds FROM timesheet.{view} WHERE agent_id = 1").fetchall() == [
                (3000 * LIMIT,)
            ]
    assert (
        stage.db.execute("SELECT timesheet.round_hours(%s)", ([3000 * LIMIT, 2**63 - 1],)).fetchone()[0][0]
        == 26352000
    )
    assert stage.db.execute("SELECT count(*) FROM timesheet.explain(%s, 1)", (stage.week,)).fetchone()[0] > 3000
    (said,) = stage.db.execute(
        "SELECT timesheet.digest_content(c.contact_id, timesheet.contact_week(c.contact_id, %s)) "
        "FROM timesheet.contacts AS c",
        (stage.week,),
    ).fetchone()
    assert said["total"]["hours"] == "26352008.50" and "26352008.50 h in the week" in said["subject"]


@pytest.mark.parametrize(
    "column, value",
    [
        ("seconds", -1),
        ("seconds", LIMIT + 1),
        ("seconds", 2**63 - 1),
        ("workday", "1899-12-31"),
        ("workday", "3000-01-01"),
        ("workday", "5874897-12-31"),
        ("workday", "infinity"),
    ],
)
def test_the_table_of_hour_entries_refuses_them_too(stage, column, value):
    row = {"agent_id": 1, "workday": "2026-03-02", "seconds": 3600, column: value}
    with pytest.raises(psycopg.errors.CheckViolation, match="hour_entry_" + column):
        stage.db.execute(
            "INSERT INTO timesheet.hour_entries (jibble_id, agent_id, workday, seconds) "
            "VALUES (gen_random_uuid(), %s, %s, %s)",
            list(row.values()),
        )


@pytest.mark.parametrize(
    "column, value",
    [
        ("start_time_utc", "1899-12-31 23:59:59Z"),
        ("start_time_utc", "3000-01-01Z"),
        ("start_time_utc", "294276-12-31 23:00Z"),
        ("workday", "5874897-12-31"),
        ("workday_end", "294276-12-31 23:00Z"),
        ("start_time_utc", "-infinity"),
    ],
)
def test_the_table_of_time_entries_refuses_times_at_which_no_arithmetic_ends(stage, column, value):
    row = {
        "agent_id": 1,
        "start_time_utc": "2026-03-02 08:00Z",
        "workday": "2026-03-02",
        "workday_end": "2026-03-03Z",
        column: value,
    }
    with pytest.raises(psycopg.errors.CheckViolation, match=column):
        stage.db.execute(
            f"INSERT INTO timesheet.time_entries (jibble_activity_id, {', '.join(row)}) "
            "VALUES (gen_random_uuid(), %s, %s, %s, %s)",
            list(row.values()),
        )


TIMES = {
    "1899-12-31T23:59:59Z": "is not from 1900 to 2999",
    "3000-01-01T00:00:00Z": "is not from 1900 to 2999",
    "9999-12-31T23:59:59Z": "is not from 1900 to 2999",
    "0000-01-01T00:00:00Z": "is not from 1900 to 2999",
    "0001-01-01T00:00:00Z": "is not from 1900 to 2999",
    "290000-01-01T00:00:00Z": "not ISO",
    "-2026-01-01T00:00:00Z": "not ISO",
    "2026-03-02T08:00:00+24:00": "out of range",
    "2026-03-02T24:00:01Z": "out of range",
    "infinity": "not ISO",
    "2999-12-31T23:59:59-05:00": "start_time_utc_must_be_from_1900_to_2999",
}


def test_times_far_from_any_life_are_problems_and_their_neighbours_count(stage):
    stage.feed(
        "TimeEntries",
        *(
            {"id": guid("far", n), "personId": guid("agent", 1), "type": "In", "time": time, "status": "Active"}
            for n, time in enumerate(TIMES)
        ),
        *(
            {
                "id": guid("near", n),
                "personId": guid("agent", 1),
                "type": kind,
                "time": f"{stage.week}T{clock}:00:00Z",
                "offset": offset,
                "status": "Active",
            }
            for n, (clock, kind, offset) in enumerate(
                [("08", "In", "PT99H"), ("16", "Out", "-PT18H1M"), ("17", "Out", "PT14H")]
            )
        ),
    )
    found = dict(
        stage.db.execute(
            "SELECT r.payload ->> 'time', p.problem FROM timesheet.ingest_problems AS p "
            "JOIN timesheet.raw_events AS r USING (raw_event_id)"
        ).fetchall()
    )
    assert {time: found.get(time) for time, said in TIMES.items() if said not in found.get(time, "")} == {} and len(
        found
    ) == len(TIMES)
    for engine in ENGINES:
        assert sums(stage.db, engine) == [(1, 28800, 0), (2, 30600, 0)]
    # An offset beyond any zone's is worth nothing, but not worth refusing an entry for.
    assert [
        str(offset)
        for offset, in stage.db.execute(
            "SELECT utc_offset FROM timesheet.time_entries WHERE agent_id = 1 ORDER BY start_time_utc"
        )
    ] == ["None", "None", "14:00:00"]


def test_absurd_figures_of_jibbles_do_not_keep_the_audit_from_the_others(stage):
    days = [{"date": str(stage.week), "tracked": text} for text in [*REJECTED, None, 5, {"total": "PT1H"}, []]] + [
        {"date": "290000-01-01", "tracked": "PT1H"},
        {"date": "2026-02-30"},
    ]
    summaries = [
        json.dumps({"personId": guid("agent", 1), "daily": days}),
        json.dumps({"personId": guid("agent", 2), "daily": [{"date": str(stage.week), "tracked": "PT8H"}]}),
    ]
    found = stage.db.execute(
        "SELECT agent_id, day, kind, our_seconds - jibble_seconds FROM timesheet.audit(%s, %s, %s) ORDER BY agent_id",
        (stage.week, stage.week, summaries),
    ).fetchall()
    assert found == [(1, stage.week, "unreadable", None), (2, stage.week, "differs", 1800)]
