"""timesheetd audit: Jibble's own hours, which the fake takes from its truth in each way that Jibble may count,
beside ours."""

import datetime
import json

import psycopg
import pytest

from conftest import Daemon, FakeJibble

WINDOW = ("--since", "2026-11-09", "--until", "2026-11-22")
DAY = {"paidBreak": "PT0S", "unpaidBreak": "PT0S"}


@pytest.fixture(scope="module")
def fake(tmp_path_factory):
    it = FakeJibble(tmp_path_factory.mktemp("truth") / "truth.json", "--weeks", "3")
    yield it
    it.stop()


@pytest.fixture(scope="module")
def audited(migrated_database, fake):
    """With the night groups' cut-offs, which move hours between our days but not between Jibble's."""
    daemon = Daemon(migrated_database(), fake)
    daemon.must("backfill", "--since", "2026-11-01", "--until", "2026-11-25")
    with psycopg.connect(daemon.environment["DATABASE_URL"], autocommit=True) as db:
        for group in fake.admin("GET", "night-groups"):
            db.execute(
                "SELECT timesheet.set_working_time('2020-01-01', for_client_group => g.client_group_id, "
                "day_cutoff => '12:00')"
                " FROM timesheet.client_groups AS g WHERE g.jibble_id = %s",
                (group,),
            )
    return daemon


@pytest.fixture
def db(audited):
    with psycopg.connect(audited.environment["DATABASE_URL"], autocommit=True) as db:
        yield db


@pytest.fixture
def personality(fake):
    """Moves the fake's switches for one test."""
    before = fake.admin("GET", "personality")
    yield lambda **switches: fake.admin("PUT", "personality", switches)
    fake.admin("PUT", "personality", before)


def findings(db):
    """{(date, agent): (kind, ours, Jibble's, detail)}"""
    return {
        (str(day), name): found
        for day, name, *found in db.execute(
            "SELECT f.day, a.full_name, f.kind, f.our_seconds, f.jibble_seconds, f.detail "
            "FROM timesheet.audit_findings AS f JOIN timesheet.agents AS a USING (agent_id)"
        )
    }


def lost(fake):
    """Who lost a clock-out about these days."""
    truth = json.loads(fake.truth.read_text())
    names = {a["id"]: a["full_name"] for a in truth["agents"]}
    return {
        names[i["agent_id"]] for i in truth["intervals"] if i["lost_out"] and "2026-11-08" <= i["start"] <= "2026-11-24"
    }


def complete_day(db, person):
    """The first of these days on which the person has complete sessions alone, and nothing typed in: (date, seconds,
    sessions)."""
    return db.execute(
        """
        SELECT e.belongs_to_date::text, sum(s.seconds)::int, count(*) FROM timesheet.agents AS a
        CROSS JOIN LATERAL timesheet.sessions('2026-11-09', '2026-11-20', a.agent_id) AS s
        JOIN timesheet.time_entries AS e USING (jibble_activity_id)
        WHERE a.jibble_id = %s AND s.kind = 'work'
          AND NOT EXISTS (SELECT FROM timesheet.hour_entries AS h WHERE h.agent_id = a.agent_id
            AND h.workday = e.belongs_to_date)
        GROUP BY 1 HAVING bool_and(s.is_complete) ORDER BY 1 LIMIT 1""",
        (person,),
    ).fetchone()


SWITCHES = [
    {},
    {"summary_midnight": "split"},
    {"summary_envelope": "array"},
    {"summary_durations": "fractional"},
    {"summary_durations": "days"},
    {"tracked_hour_entries": "without"},
    {"person_ids": "single"},
    {
        "summary_midnight": "split",
        "summary_envelope": "array",
        "summary_durations": "days",
        "tracked_hour_entries": "without",
        "person_ids": "single",
    },
]


@pytest.mark.parametrize("switches", SWITCHES, ids=lambda s: " ".join(s.values()) or "usual")
def test_however_jibble_counts_nothing_differs_but_sessions_without_an_end(audited, fake, db, personality, switches):
    """A lost clock-out is nothing to Jibble, and to us work until the day's end, if that is the default."""
    personality(**switches)
    done = audited.must("audit", *WINDOW)
    found = findings(db)
    kinds = {kind for kind, *_ in found.values()}
    assert kinds == {"incomplete"} | ({"across_midnight"} if switches.get("summary_midnight") == "split" else set()), {
        k: v for k, v in found.items() if v[0] in ("differs", "unreadable")
    }
    assert {name for (_, name), (kind, *_) in found.items() if kind == "incomplete"} <= lost(fake)
    last = done.stdout.splitlines()[-1]
    assert (
        last.startswith("0 of ")
        and " agents' days differ by more than a minute, " in last
        and f"{sum(f[0] == 'incomplete' for f in found.values())} incomplete" in last
    )
    asked = {
        len([part for part in r["query"].split("&") if part.startswith("personIds=")])
        for r in fake.requests("TimesheetsSummary")[-3:]
    }
    assert (max(asked) == 1) == ("person_ids" in switches), asked


def day_text(day):
    """As people write it: Mon 2 Nov 2026."""
    date = datetime.date.fromisoformat(str(day))
    return f"{date:%a} {date.day} {date:%b %Y}"


def test_work_that_jibble_splits_at_midnight_is_no_difference(audited, db, personality):
    """Each such row says both figures, is of somebody's night, and is not counted."""
    personality(summary_midnight="split")
    done = audited.must("audit", *WINDOW)
    across = {key: found for key, found in findings(db).items() if found[0] == "across_midnight"}
    assert len(across) > 5 and f"{len(across)} only across midnight" in done.stdout.splitlines()[-1]
    assert all(
        detail.count("Jibble") >= 2 and day_text(day) in detail for (day, _), (_, _, _, detail) in across.items()
    )
    assert db.execute("SELECT audit_days_differing, audit_days_not_compared FROM timesheet.feed_health").fetchone() == (
        0,
        0,
    )
    # A window that begins or ends within a night, whichever day it is.
    for day in ("2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13"):
        assert audited.must("audit", "--since", day, "--until", day).stdout.splitlines()[-1].startswith("0 of "), day


def test_what_jibble_deducts_automatically_is_shown_as_a_difference(audited, db, personality):
    """The one position in which its tracked time is not what was worked: nothing in its answer tells a deduction.
    It is half an hour of days of more than 8."""
    audited.must("audit", *WINDOW)
    before = findings(db)
    personality(tracked_deductions="with")
    audited.must("audit", *WINDOW)
    new = {key: found for key, found in findings(db).items() if key not in before}
    assert len(new) > 5 and {kind for kind, *_ in new.values()} == {"differs"}
    assert {ours - theirs for _, ours, theirs, _ in new.values() if ours < 10 * 3600} <= {1800, 1800 + 7200} and all(
        ours > 8 * 3600 for _, ours, _, _ in new.values()
    )


def test_a_planted_difference_is_shown_with_its_sessions(audited, fake, db):
    agent = json.loads(fake.truth.read_text())["agents"][0]
    audited.must("audit", *WINDOW)
    before = findings(db)
    day, seconds, sessions = complete_day(db, agent["id"])
    key = (day, agent["full_name"])
    assert key not in before
    fake.admin(
        "PUT",
        f"timesheets/{agent['id']}/{day}",
        {
            **DAY,
            "tracked": f"PT{seconds - 5400 + 2700}S",
            "paidBreak": "PT15M",
            "unpaidBreak": "PT30M",
            "payrollHours": "PT99H",
        },
    )
    lines = audited.must("audit", *WINDOW).stdout.splitlines()
    found = findings(db)
    kind, ours, theirs, detail = found.pop(key)
    assert (kind, ours, theirs) == ("differs", seconds, seconds - 5400) and found == before
    assert "paid break 0:15:00, unpaid break 0:30:00, payroll hours 99:00:00" in detail
    at = next(n for n, line in enumerate(lines) if line.startswith(day) and agent["full_name"] in line)
    assert (
        f"  {seconds // 3600}:{seconds // 60 % 60:02} " in lines[at]
        and " 1:30  differs " in lines[at]
        and lines[at].endswith(detail)
    )
    behind = lines[at + 1 : at + 1 + sessions]
    assert all(line.startswith("    ") and "–" in line for line in behind) and not lines[at + 1 + sessions].startswith(
        "    "
    )

    # Less than a minute is nobody's error: Jibble may round.
    fake.admin("PUT", f"timesheets/{agent['id']}/{day}", {**DAY, "tracked": f"PT{seconds - 60}S"})
    audited.must("audit", *WINDOW)
    assert findings(db) == before
    fake.admin("PUT", f"timesheets/{agent['id']}/{day}", {**DAY, "tracked": f"PT{seconds + 61}S"})
    audited.must("audit", *WINDOW)
    assert findings(db)[key][:3] == ["differs", seconds, seconds + 61], findings(db)[key]


def test_what_cannot_be_understood_of_a_summary_keeps_nothing_else_out(db):
    odd = ["17", "null", '"x"', "[]", "{}", '{"personId": 5}', '{"personId": "x", "daily": []}', "{{not json"]
    (person,) = db.execute(
        "SELECT a.jibble_id::text FROM timesheet.agents AS a WHERE EXISTS (SELECT FROM timesheet.time_entries AS e "
        "WHERE e.agent_id = a.agent_id)"
        " ORDER BY 1 LIMIT 1"
    ).fetchone()
    days = [
        '{"date": "2026-11-13", "tracked": "PT1H"}',
        '{"date": "2026-11-14", "tracked": "an hour"}',
        '{"date": "2026-11-14", "tracked": "Pfoo"}',
        '{"date": "2026-11-14", "tracked": {}}',
    ]
    found = []
    for undated in (
        [],
        ["5"],
        ["null"],
        ['{"date": "2026-02-30", "tracked": "PT1H"}'],
        ['{"date": 7}'],
        ['{"tracked": "PT1H"}'],
    ):
        odd_days = f'{{"personId": "{person}", "daily": [{",".join(days + undated)}]}}'
        good = (
            f'{{"personId": "{person.upper()}", "note": "\\u0000", "daily": [{{"date": "2026-11-15T00:00:00Z", '
            f'"tracked": "PT77H"}}]}}'
        )
        found.append(
            db.execute(
                "SELECT a.day::text, a.jibble_seconds FROM timesheet.audit('2026-11-14', '2026-11-16', %s) AS a "
                "JOIN timesheet.agents AS p USING (agent_id)"
                " WHERE p.jibble_id::text = %s ORDER BY 1",
                ([*odd, odd_days, good], person),
            ).fetchall()
        )
    readable = [("2026-11-14", None), ("2026-11-15", 77 * 3600)]
    assert found == [readable + [("2026-11-16", 0)]] + [readable + [("2026-11-16", None)]] * 5


def test_hours_that_only_jibble_has_are_shown(audited, fake, db):
    day, person, name = db.execute(
        """
        SELECT d::date::text, a.jibble_id::text, a.full_name FROM timesheet.agents AS a
        CROSS JOIN generate_series(date '2026-11-09', '2026-11-20', '1 day') AS d
        WHERE EXISTS (SELECT FROM timesheet.time_entries AS e WHERE e.agent_id = a.agent_id)
          AND NOT EXISTS (SELECT FROM timesheet.time_entries AS e WHERE e.agent_id = a.agent_id
            AND e.belongs_to_date = d::date)
          AND NOT EXISTS (SELECT FROM timesheet.hour_entries AS h WHERE h.agent_id = a.agent_id AND h.workday = d::date)
        ORDER BY 1, 2 LIMIT 1"""
    ).fetchone()
    fake.admin("PUT", f"timesheets/{person}/{day}", {"tracked": "PT2H", **DAY})
    lines = audited.must("audit", "--since", day, "--until", day).stdout.splitlines()
    at = next(n for n, line in enumerate(lines) if name in line)
    assert (
        lines[at].split(name)[1].split()[:4] == ["0:00", "2:00", "-2:00", "differs"]
        and lines[at + 1] == "    no session here"
    )


def test_it_stores_no_event_and_names_a_plan_that_lacks_it(audited, fake, db):
    def stored():
        return db.execute(
            "SELECT (SELECT count(*) FROM timesheet.raw_events), (SELECT count(*) FROM timesheet.ingest_runs)"
        ).fetchone()

    before = stored()
    audited.must("audit", *WINDOW)
    assert stored() == before
    fake.admin("POST", "faults", {"path_contains": "TimesheetsSummary", "times": 1, "action": "status", "status": 402})
    done = audited("audit", *WINDOW)
    assert done.returncode == 1 and "plan" in done.stderr.splitlines()[-1]


def test_names_lose_what_is_not_seen(audited, db):
    """Line ends, a terminal's commands, and what turns the direction, in an agent's name and in those of activities."""
    hidden = "\n\x1b[31m\u009b\u2028\u202e\u200b"
    db.execute("UPDATE timesheet.agents SET full_name = full_name || %s || 'Z'", (hidden,))
    db.execute("UPDATE timesheet.activities SET name = name || %s || 'Z'", (hidden,))
    shown = audited.must("audit", *WINDOW).stdout
    db.execute("UPDATE timesheet.agents SET full_name = replace(full_name, %s || 'Z', '')", (hidden,))
    db.execute("UPDATE timesheet.activities SET name = replace(name, %s || 'Z', '')", (hidden,))
    assert " [31m Z " in shown and " [31m Z, missing clock out" in shown
    assert not [hex(ord(c)) for c in hidden[1:2] + hidden[6:] if c in shown]
    assert all(line.startswith(("    ", "2026-", "Day ")) or "differ by more" in line for line in shown.splitlines())
