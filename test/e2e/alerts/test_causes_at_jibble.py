"""Alerts by their real causes at Jibble: a feed that turns stale, passes that fail, entries that cannot be read, hours
that differ. Each is reported, and its end once the cause has ended. Lengths are settings, seconds here."""

import datetime

import pytest

from alert_world import World, jibble_now, webhook  # noqa: F401 (fixtures)
from conftest import wait_until

NOW = datetime.datetime.now(datetime.timezone.utc)
ALWAYS = 1000  # requests


@pytest.fixture(scope="module")
def uri(migrated_database):
    return migrated_database()


@pytest.fixture
def world(uri, jibble_now, webhook):  # noqa: F811
    """A channel hears by webhook; nothing else is configured but Jibble."""
    jibble_now.admin("DELETE", "faults")
    it = World(uri, webhook=webhook, jibble=jibble_now)
    it.db.execute("DELETE FROM timesheet.audit_findings; UPDATE timesheet.ingest_runs SET status = 'succeeded'")
    yield it
    jibble_now.admin("DELETE", "faults")
    it.close()


def refuse(jibble, path="Groups", status=403, times=ALWAYS):
    """As where the key has lost a right."""
    jibble.admin("POST", "faults", {"path_contains": path, "times": times, "action": "status", "status": status})


def sync(world, *options, fails=False):
    done = world.daemon("sync", *options)
    assert done.returncode == (1 if fails else 0), done.stderr
    return done


def reported(world):
    """The first line of each message so far."""
    return [post.title for post in world.webhook.posts]


def test_a_feed_that_turns_stale_is_reported_and_that_it_is_fresh_again(world, jibble_now):
    sync(world)
    assert reported(world) == []
    refuse(jibble_now)
    world.db.execute("UPDATE timesheet.settings SET stale_after = '1 millisecond'")
    sync(world, fails=True)
    title = world.title("stale_feed")
    assert title == "Data from Jibble is out of date" and reported(world) == [f"Problem: {title}"]
    assert "Last read: " in world.webhook.posts[0].text
    sync(world, fails=True)
    assert len(reported(world)) == 1
    jibble_now.admin("DELETE", "faults")
    world.db.execute("UPDATE timesheet.settings SET stale_after = '1 hour'")
    world.an_hour_passes()
    sync(world)
    assert reported(world)[1:] == [f"Over: {title}"] and world.open_alerts("stale_feed") == {}


def test_a_feed_that_is_only_slow_is_no_alert(world, jibble_now):
    sync(world)
    world.db.execute("UPDATE timesheet.settings SET stale_after = '5 seconds'")
    jibble_now.admin("POST", "faults", {"path_contains": "Groups", "times": 1, "action": "slow", "seconds": 1.5})
    sync(world)
    refuse(jibble_now, times=1, status=503)  # and a request that had to be repeated
    sync(world)
    assert reported(world) == [] and world.db.execute("SELECT FROM timesheet.alerts").rowcount == 0


def test_a_pass_that_fails_three_times_in_a_row_is_reported_and_not_before(world, jibble_now):
    refuse(jibble_now)
    for _ in range(2):
        sync(world, fails=True)
    assert reported(world) == []
    sync(world, fails=True)
    assert reported(world) == [f"Problem: {world.title('failing_runs')}"]
    ((subject, detail),) = world.open_alerts("failing_runs").items()
    assert subject == "sync" and "403" in detail and "sync" in world.webhook.posts[0].text
    sync(world, fails=True)
    jibble_now.admin("DELETE", "faults")
    world.an_hour_passes()
    sync(world)
    assert reported(world)[1:] == [f"Over: {world.title('failing_runs')}"]


def test_a_failure_between_successes_is_no_alert(world, jibble_now):
    for _ in range(3):
        refuse(jibble_now)
        sync(world, fails=True)
        jibble_now.admin("DELETE", "faults")
        sync(world)
    assert reported(world) == []


def test_the_nightly_is_another_pass_than_the_sync(world, jibble_now):
    for n in range(3):
        refuse(jibble_now)
        assert world.daemon("nightly").returncode == 1
        jibble_now.admin("DELETE", "faults")
        if n < 2:
            sync(world)
    assert reported(world) == [f"Problem: {world.title('failing_runs')}"]
    assert list(world.open_alerts("failing_runs")) == ["nightly"]
    sync(world)
    assert list(world.open_alerts("failing_runs")) == ["nightly"]


def test_a_pass_that_was_killed_has_failed(world, jibble_now):
    """Which the next one that begins sees."""
    sync(world)
    for _ in range(3):
        (last,) = world.db.execute("SELECT max(ingest_run_id) FROM timesheet.ingest_runs").fetchone()
        jibble_now.admin("POST", "faults", {"path_contains": "Groups", "times": 1, "action": "slow", "seconds": 30})
        process = world.daemon.start("sync")
        wait_until(
            lambda: world.db.execute("SELECT FROM timesheet.ingest_runs WHERE ingest_run_id > %s", (last,)).rowcount
        )
        process.kill()
        process.communicate()
        jibble_now.admin("DELETE", "faults")
    refuse(jibble_now)
    sync(world, fails=True)
    assert reported(world) == [f"Problem: {world.title('failing_runs')}"]


def test_an_audit_that_nobody_answers_three_times_is_reported(world, jibble_now):
    day = str(NOW.date() - datetime.timedelta(days=2))
    window = ("--since", day, "--until", day)
    sync(world, "--since", day)
    refuse(jibble_now, "TimesheetsSummary")
    for _ in range(3):
        assert world.daemon("audit", *window).returncode == 1
    sync(world)
    assert list(world.open_alerts("failing_runs")) == ["audit"]
    assert reported(world) == [f"Problem: {world.title('failing_runs')}"]
    jibble_now.admin("DELETE", "faults")
    world.daemon.must("audit", *window)
    world.an_hour_passes()
    sync(world)
    assert reported(world)[1:] == [f"Over: {world.title('failing_runs')}"]


def test_entries_that_jibble_no_longer_shows_are_reported_until_it_does(
    migrated_database, jibble_now, webhook
):  # noqa: F811
    """All but those of one person, as to a key that has lost the right to read the others'."""
    world = World(migrated_database(), webhook=webhook, jibble=jibble_now)
    sync(world)
    rows = world.db.execute(
        "SELECT e.jibble_activity_id::text, a.agent_id FROM timesheet.time_entries AS e JOIN timesheet.agents AS a "
        "USING (agent_id)"
    ).fetchall()
    kept = min(agent for _, agent in rows)
    gone = [jibble_now.admin("GET", f"objects/TimeEntries/{entry}") for entry, agent in rows if agent != kept]
    for entry in gone:
        jibble_now.admin("DELETE", f"objects/TimeEntries/{entry['id']}")
    try:
        for _ in range(2):
            sync(world)
        assert reported(world) == [f"Problem: {world.title('deletions_held')}"]
        assert len(world.open_alerts("deletions_held")) == len({agent for _, agent in rows}) - 1
        names = [name for (name,) in world.db.execute("SELECT full_name FROM timesheet.agents")]
        assert not any(name in world.webhook.posts[0].text for name in names)
    finally:
        for entry in gone:
            jibble_now.admin("PUT", "objects/TimeEntries", entry)
    world.an_hour_passes()
    sync(world)
    assert reported(world)[1:] == [f"Over: {world.title('deletions_held')}"]
    world.close()


def week_of(subject):
    """The week that the subject of an alert names, as people read it."""
    day = datetime.date.fromisoformat(subject.removeprefix("week "))
    return f"{day:%a} {day.day} {day:%b %Y}"


def person_of(world):
    """Somebody whose last complete day is to be compared: (Jibble's id, the day)."""
    return world.db.execute(
        "SELECT a.jibble_id::text, e.belongs_to_date::text FROM timesheet.sessions(NULL, NULL) AS s "
        "JOIN timesheet.agents AS a USING (agent_id) JOIN timesheet.time_entries AS e USING (jibble_activity_id) "
        "WHERE s.kind = 'work' AND s.workday < current_date - 1 "
        "GROUP BY 1, 2 HAVING bool_and(s.is_complete) ORDER BY 2 DESC, 1 LIMIT 1"
    ).fetchone()


def test_hours_that_differ_from_jibbles_are_reported_until_they_agree(world, jibble_now):
    sync(world, "--since", str(NOW.date() - datetime.timedelta(days=7)))
    person, day = person_of(world)
    window = ("--since", day, "--until", day)
    before = {"tracked": "PT0S", "payrollHours": "PT0S", "paidBreak": "PT0S", "unpaidBreak": "PT0S"}
    jibble_now.admin("PUT", f"timesheets/{person}/{day}", before)
    world.daemon.must("audit", *window)
    (subject,) = world.open_alerts("audit_differs")
    sync(world)
    assert reported(world) == [f"Problem: {world.title('audit_differs')}"]
    assert week_of(subject) in world.webhook.posts[0].text
    ours = world.db.execute("SELECT our_seconds FROM timesheet.audit_findings WHERE kind = 'differs'").fetchone()[0]
    jibble_now.admin("PUT", f"timesheets/{person}/{day}", before | {"tracked": f"PT{ours}S"})
    world.daemon.must("audit", *window)
    world.an_hour_passes()
    sync(world)
    assert reported(world)[1:] == [f"Over: {world.title('audit_differs')}"]


def test_an_entry_that_cannot_be_read_is_reported_until_it_can(world, jibble_now):
    sync(world)
    (last,) = world.db.execute(
        "SELECT jibble_activity_id FROM timesheet.time_entries ORDER BY start_time_utc DESC LIMIT 1"
    ).fetchone()
    entry = jibble_now.admin("GET", f"objects/TimeEntries/{last}")
    jibble_now.admin("PATCH", f"objects/TimeEntries/{last}", {"time": "sometime"})
    sync(world)
    assert reported(world) == [f"Problem: {world.title('entries_rejected')}"]
    sync(world)
    jibble_now.admin("PATCH", f"objects/TimeEntries/{last}", {"time": entry["time"]})
    world.an_hour_passes()
    sync(world)
    assert reported(world)[1:] == [f"Over: {world.title('entries_rejected')}"]
    assert all("sometime" not in post.text for post in world.webhook.posts)
