"""timesheetd audit: Jibble's own hours, which the fake takes from its truth, beside ours."""

import json

import psycopg
import pytest

from conftest import Daemon, FakeJibble

WINDOW = ("--since", "2026-11-09", "--until", "2026-11-22")


@pytest.fixture(scope="module")
def fake(tmp_path_factory):
    it = FakeJibble(tmp_path_factory.mktemp("truth") / "truth.json", "--weeks", "3")
    yield it
    it.stop()


@pytest.fixture(scope="module")
def audited(new_database, fake):
    """With the night groups' cut-offs, which move hours between our days but not between Jibble's."""
    daemon = Daemon(new_database(), fake)
    daemon.must("migrate")
    daemon.must("backfill", "--since", "2026-11-01", "--until", "2026-11-25")
    with psycopg.connect(daemon.environment["DATABASE_URL"], autocommit=True) as db:
        for group in fake.admin("GET", "night-groups"):
            db.execute("SELECT timesheet.set_working_time('2020-01-01', for_client_group => g.client_group_id, day_cutoff => '12:00')"
                       " FROM timesheet.client_groups AS g WHERE g.jibble_id = %s", (group,))
    return daemon


def blocks(done):
    """{(date, agent): lines} of the output, and its last line."""
    *lines, last = done.stdout.splitlines()
    found, key = {}, None
    for line in lines:
        if line.startswith("    "):
            found[key].append(line.strip())
        else:
            key = tuple(line.split(": Jibble")[0].split("  ", 1))
            found[key] = [line.split(": ", 1)[1]]
    return found, last


def test_only_what_nobody_ended_differs(audited, fake):
    """A lost clock-out is nothing to Jibble, and to us work until the day's end; all else is equal to the minute."""
    truth = json.loads(fake.truth.read_text())
    names = {a["id"]: a["full_name"] for a in truth["agents"]}
    lost = {names[i["agent_id"]] for i in truth["intervals"] if i["lost_out"] and i["kind"] == "work" and "2026-11-08" <= i["start"] <= "2026-11-24"}
    found, last = blocks(audited.must("audit", *WINDOW))
    assert found and {agent for _, agent in found} <= lost
    for lines in found.values():
        assert any("missing_clock_out" in line for line in lines), lines
    assert last.startswith(f"{len(found)} of ") and last.endswith(" agents' days differ by more than a minute")


def test_a_planted_difference_is_shown_with_its_sessions(audited, fake):
    truth = json.loads(fake.truth.read_text())
    agent = truth["agents"][0]
    before, _ = blocks(audited.must("audit", *WINDOW))
    with psycopg.connect(audited.environment["DATABASE_URL"]) as db:
        day, seconds, sessions = db.execute("""
            SELECT e.belongs_to_date::text, sum(s.seconds)::int, count(*) FROM timesheet.agents AS a
            CROSS JOIN LATERAL timesheet.sessions('2026-11-09', '2026-11-20', a.agent_id) AS s JOIN timesheet.time_entries AS e USING (jibble_activity_id)
            WHERE a.jibble_id = %s AND s.kind = 'work'
              AND NOT EXISTS (SELECT FROM timesheet.hour_entries AS h WHERE h.agent_id = a.agent_id AND h.workday = e.belongs_to_date) GROUP BY 1 HAVING bool_and(s.is_complete) ORDER BY 1 LIMIT 1""", (agent["id"],)).fetchone()
    assert (day, agent["full_name"]) not in before
    fake.admin("PUT", f"timesheets/{agent['id']}/{day}", {"payrollHours": f"PT{seconds - 5400}S"})
    found, _ = blocks(audited.must("audit", *WINDOW))
    first, *behind = found.pop((day, agent["full_name"]))
    assert found == before
    assert first.endswith("difference 1:30") and f"ours {seconds // 3600}:{seconds // 60 % 60:02}" in first
    assert len(behind) == sessions and all("–" in line for line in behind)

    # Less than a minute is nobody's error: Jibble may round.
    fake.admin("PUT", f"timesheets/{agent['id']}/{day}", {"payrollHours": f"PT{seconds - 60}S"})
    assert blocks(audited.must("audit", *WINDOW))[0] == before
    fake.admin("PUT", f"timesheets/{agent['id']}/{day}", {"payrollHours": f"PT{seconds + 61}S"})
    found, _ = blocks(audited.must("audit", *WINDOW))
    assert found.pop((day, agent["full_name"]))[0].endswith("difference -0:01") and found == before


def test_what_cannot_be_understood_of_a_summary_keeps_nothing_else_out(audited):
    odd = ["17", "null", '"x"', "[]", "{}", '{"personId": 5}', '{"personId": "x", "daily": []}', "{{not json"]
    with psycopg.connect(audited.environment["DATABASE_URL"]) as db:
        person, = db.execute("SELECT a.jibble_id::text FROM timesheet.agents AS a WHERE EXISTS (SELECT FROM timesheet.time_entries AS e WHERE e.agent_id = a.agent_id)"
                             " ORDER BY 1 LIMIT 1").fetchone()
        days = ["5", "null", '{"date": "2026-02-30", "payrollHours": "PT1H"}', '{"date": 7}', '{"payrollHours": "PT1H"}', '{"date": "2026-11-14", "payrollHours": "an hour"}',
                '{"date": "2026-11-14", "payrollHours": "Pfoo"}', '{"date": "2026-11-14", "payrollHours": {}}']
        odd += [f'{{"personId": "{person}", "daily": {daily}}}' for daily in ("null", "7", "[" + ",".join(days) + "]")]
        good = f'{{"personId": "{person.upper()}", "note": "\\u0000", "daily": [{{"date": "2026-11-15T00:00:00Z", "payrollHours": "PT77H"}}]}}'
        found = db.execute("SELECT a.on_date::text, a.jibble_seconds FROM timesheet.audit('2026-11-14', '2026-11-15', %s) AS a WHERE a.jibble_seconds <> 0",
                           ([*odd, good],)).fetchall()
    assert found == [("2026-11-15", 77 * 3600)]


def test_hours_that_only_jibble_has_are_shown(audited, fake):
    with psycopg.connect(audited.environment["DATABASE_URL"]) as db:
        day, person, name = db.execute("""
            SELECT d::date::text, a.jibble_id::text, a.full_name FROM timesheet.agents AS a CROSS JOIN generate_series(date '2026-11-09', '2026-11-20', '1 day') AS d
            WHERE EXISTS (SELECT FROM timesheet.time_entries AS e WHERE e.agent_id = a.agent_id)
              AND NOT EXISTS (SELECT FROM timesheet.time_entries AS e WHERE e.agent_id = a.agent_id AND e.belongs_to_date = d::date)
              AND NOT EXISTS (SELECT FROM timesheet.hour_entries AS h WHERE h.agent_id = a.agent_id AND h.workday = d::date)
            ORDER BY 1, 2 LIMIT 1""").fetchone()
    fake.admin("PUT", f"timesheets/{person}/{day}", {"payrollHours": "PT2H"})
    found, _ = blocks(audited.must("audit", "--since", day, "--until", day))
    assert found[(day, name)] == ["Jibble 2:00, ours 0:00, difference -2:00", "no session of ours"]


def test_it_stores_nothing_and_names_a_plan_that_lacks_it(audited, fake):
    def stored(db):
        return db.execute("SELECT (SELECT count(*) FROM timesheet.raw_events), (SELECT count(*) FROM timesheet.ingest_runs)").fetchone()

    with psycopg.connect(audited.environment["DATABASE_URL"], autocommit=True) as db:
        before = stored(db)
        audited.must("audit", *WINDOW)
        assert stored(db) == before
    fake.admin("POST", "faults", {"path_contains": "TimesheetsSummary", "times": 1, "action": "status", "status": 402})
    done = audited("audit", *WINDOW)
    assert done.returncode == 1 and "plan" in done.stderr.splitlines()[-1]


def test_names_lose_what_is_not_seen(audited):
    """Line ends, a terminal's commands, and what turns the direction, in an agent's name and in those of activities."""
    hidden = "\n\x1b[31m\u009b\u2028\u202e\u200b"
    with psycopg.connect(audited.environment["DATABASE_URL"], autocommit=True) as db:
        db.execute("UPDATE timesheet.agents SET full_name = full_name || %s || 'Z'", (hidden,))
        db.execute("UPDATE timesheet.activities SET name = name || %s || 'Z'", (hidden,))
        shown = audited.must("audit", *WINDOW).stdout
        db.execute("UPDATE timesheet.agents SET full_name = replace(full_name, %s || 'Z', '')", (hidden,))
        db.execute("UPDATE timesheet.activities SET name = replace(name, %s || 'Z', '')", (hidden,))
    assert " [31m Z: Jibble" in shown and " [31m Z, missing_clock_out" in shown
    assert not [hex(ord(c)) for c in hidden[1:2] + hidden[6:] if c in shown]
    assert all(line.startswith("    ") or ": Jibble" in line or "differ by more" in line for line in shown.splitlines())
