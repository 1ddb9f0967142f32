"""--time-limit: a pass ends in order before its limit, and repeated calls reach what one call without a limit does."""

import re
import time

import psycopg
import pytest

from airtable_peer import Airtable
from conftest import Daemon, FakeJibble, set_cutoffs, truth_rows, wait_until
from locks import holder_of
from peer_server import Slow
from time_limits import is_left, limited, until_nothing_is_left

WINDOW = ("--since", "2026-09-27", "--until", "2026-11-25")
# So fast that eight weeks take one call several times its limit.
SLOWLY = {"JIBBLE_REQUESTS_PER_SECOND": "10", "JIBBLE_PAGE_SIZE": "100"}
KEYS = (
    "workday group_id agent_id activity_id work_seconds unconfirmed_seconds break_seconds manual_seconds"
    " session_count incomplete_count"
).split()


@pytest.fixture(scope="module")
def weeks(tmp_path_factory):
    """An organisation of eight weeks, whose API refuses more than 25 requests a second."""
    fake = FakeJibble(tmp_path_factory.mktemp("truth") / "truth.json", "--weeks", "8", "--requests-per-second", "25")
    yield fake
    fake.stop()


def connect(daemon):
    return psycopg.connect(daemon.environment["DATABASE_URL"], autocommit=True)


def runs(daemon):
    with connect(daemon) as db:
        return db.execute(
            "SELECT command, status, since::text, until::text FROM timesheet.ingest_runs ORDER BY ingest_run_id"
        ).fetchall()


def read_days(daemon, command):
    """How often each day was in the window of a run that succeeded."""
    with connect(daemon) as db:
        return db.execute(
            "SELECT d::date::text, count(*) FROM timesheet.ingest_runs AS r, generate_series(r.since, r.until, '1 day')"
            " AS d WHERE r.command = %s AND r.status = 'succeeded' GROUP BY 1 ORDER BY 1",
            (command,),
        ).fetchall()


def hours(daemon, fake):
    with connect(daemon) as db:
        set_cutoffs(db, fake)
        return sorted(
            db.execute(
                """
            SELECT h.workday::text, g.jibble_id::text, a.jibble_id::text, v.jibble_id::text, work_seconds,
              unconfirmed_seconds, break_seconds, manual_seconds, session_count, incomplete_count
            FROM timesheet.daily_hours('2026-09-28', '2026-11-23', NULL, 'infinity') AS h
            JOIN timesheet.agents AS a USING (agent_id) LEFT JOIN timesheet.client_groups AS g
              ON g.client_group_id = h.client_group_id
            LEFT JOIN timesheet.activities AS v USING (activity_id)"""
            ).fetchall(),
            key=repr,
        )


@pytest.fixture(scope="module")
def uncut(weeks, migrated_database):
    """What one backfill without a limit gives, which is the truth."""
    daemon = Daemon(migrated_database(), weeks)
    daemon.must("backfill", *WINDOW)
    found = hours(daemon, weeks)
    wanted = sorted(
        (tuple(row[key] for key in KEYS) for row in truth_rows(weeks, "2026-09-28", "2026-11-23", "--daily")), key=repr
    )
    assert len(wanted) > 1000 and found == wanted
    return found


@pytest.mark.parametrize("command", ["backfill", "sync"])
def test_repeated_calls_give_the_hours_of_one_uninterrupted_call(command, weeks, migrated_database, uncut):
    daemon = Daemon(migrated_database(), weeks)
    logs = until_nothing_is_left(daemon, 5, command, *WINDOW, **SLOWLY)
    assert len(logs) > 2
    assert all("the time limit of 5 s leaves no time for more" in log for log in logs[:-1])
    assert all(" goes on " in log.splitlines()[0] + log.splitlines()[1] for log in logs[1:])
    assert hours(daemon, weeks) == uncut
    read = read_days(daemon, command)
    assert (read[0][0], read[-1][0], len(read)) == ("2026-09-27", "2026-11-25", 60)
    assert {times for _, times in read} == {1}  # each call goes on, none begins again
    assert {(of, status) for of, status, *_ in runs(daemon)} <= {
        (command, "succeeded"),
        (command, "cut"),
        ("lookup", "succeeded"),
    }
    # It is complete: the next call reads all of it again, as something may have changed.
    assert "goes on with" not in limited(daemon, 60, command, *WINDOW)
    assert {times for _, times in read_days(daemon, command)} == {2}


def test_a_pass_that_fits_is_one_run_as_without_a_limit(daemon):
    limited(daemon, 60, "sync", *WINDOW)
    assert runs(daemon) == [("sync", "succeeded", "2026-09-27", "2026-11-25")]
    with connect(daemon) as db:
        assert db.execute("SELECT count(*) FROM timesheet.unfinished_passes").fetchone() == (0,)
        assert db.execute("SELECT count(*) > 0 FROM timesheet.session_rollup").fetchone() == (True,)
    limited(daemon, 60, "backfill", *WINDOW)
    assert [run[:2] for run in runs(daemon)[1:]] == [("backfill", "succeeded")] * 3  # slices of 28 days


def test_what_is_left_is_of_one_command_and_its_first_day(weeks, migrated_database):
    daemon = Daemon(migrated_database(), weeks)
    log = limited(daemon, 5, "backfill", *WINDOW, **SLOWLY)
    assert is_left(log)
    limited(daemon, 60, "sync", "--since", "2026-11-20", "--until", "2026-11-25")
    assert runs(daemon)[-1] == ("sync", "succeeded", "2026-11-20", "2026-11-25")
    (left,) = re.findall(r"left: (\S+)…2026-11-25", log.splitlines()[-1])
    # As the poller calls it: without --until, whose default moves with the date.
    log = limited(daemon, 60, "backfill", *WINDOW[:2], "--until", "2026-11-26")
    assert f"goes on with {left}…2026-11-26" in log


@pytest.mark.parametrize(
    "fault",
    [
        {"action": "slow", "seconds": 30},
        {"action": "status", "status": 429, "headers": {"Retry-After": "60"}},
        {"action": "status", "status": 503, "headers": {"Retry-After": "1"}},
    ],
    ids=["an answer that takes longer", "a pause that Jibble asks for", "retries"],
)
def test_no_wait_outlasts_the_limit(daemon, jibble, db, fault):
    jibble.admin("POST", "faults", {"path_contains": "TimeEntries", "times": 1000, **fault})
    log = limited(daemon, 3, "sync", *WINDOW)
    assert (
        "sync of 2026-09-27…2026-11-25: the time limit of 3 s leaves no time for more; left: 2026-09-27…2026-11-25"
        in log
    )
    assert [run[1] for run in runs(daemon)] == ["cut"]
    wait_until(lambda: holder_of(db, "ingest_lock") is None, 5)
    assert db.execute("SELECT failed_since_success, is_stale FROM timesheet.feed_health").fetchone() == (0, False)
    jibble.admin("DELETE", "faults")
    log = limited(daemon, 60, "sync", *WINDOW)
    assert not is_left(log)
    # What the call before read of people and groups, it does not read again.
    assert len(jibble.requests("/Activities")) == 2, [r["path"] for r in jibble.admin("GET", "requests")]


def test_a_pause_that_is_too_long_is_not_waited_for(daemon, jibble):
    jibble.admin(
        "POST",
        "faults",
        {"path_contains": "Groups", "times": 1, "action": "status", "status": 429, "headers": {"Retry-After": "60"}},
    )
    began = time.monotonic()
    log = limited(daemon, 40, "sync", *WINDOW)
    assert time.monotonic() - began < 10 and is_left(log)
    assert not is_left(limited(daemon, 40, "sync", *WINDOW))


def test_a_limit_that_is_never_enough_for_a_day_is_a_failure_that_says_so(daemon, jibble):
    jibble.admin("POST", "faults", {"path_contains": "TimeEntries", "times": 1000, "action": "slow", "seconds": 30})
    day = ("--since", "2026-11-20", "--until", "2026-11-20")
    for _ in range(4):
        assert is_left(limited(daemon, 1, "sync", *day))
    done = daemon("sync", *day, "--time-limit", "1")
    assert done.returncode == 1, done.stderr
    assert (
        "sync of 2026-11-20…2026-11-20: in 5 calls the time limit of 1 s was too short to read even 2026-11-20; "
        "give --time-limit more seconds" in done.stderr
    )
    jibble.admin("DELETE", "faults")
    limited(daemon, 30, "sync", *day)
    assert runs(daemon)[-1] == ("sync", "succeeded", "2026-11-20", "2026-11-20")


@pytest.mark.parametrize("table", ["time_entries", "session_rollup"], ids=["normalising", "storing the reports"])
def test_a_limit_in_the_middle_of_a_statement_leaves_nothing_half_done(daemon, db, table):
    db.execute(
        f"""
        CREATE FUNCTION public.dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          PERFORM pg_sleep(60); RETURN NULL; END $$;
        CREATE TRIGGER dawdle BEFORE INSERT ON timesheet.{table} FOR EACH STATEMENT EXECUTE FUNCTION public.dawdle()"""
    )
    assert "left: " in limited(daemon, 5, "sync", *WINDOW).splitlines()[-1]
    assert db.execute(f"SELECT count(*) FROM timesheet.{table}").fetchone() == (0,)
    wait_until(  # the server takes a moment to end a session
        lambda: db.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'"
            " AND pid <> pg_backend_pid()"
        ).fetchone()
        == (0,),
        5,
    )
    assert holder_of(db, "ingest_lock") is None
    # Without their reports the days count all the same.
    assert runs(daemon)[0][1] == {"time_entries": "cut", "session_rollup": "succeeded"}[table]
    db.execute(f"DROP TRIGGER dawdle ON timesheet.{table}")
    until_nothing_is_left(daemon, 60, "sync", *WINDOW)
    assert db.execute(f"SELECT count(*) > 100 FROM timesheet.{table}").fetchone() == (True,)
    assert db.execute("SELECT backlog FROM timesheet.feed_health").fetchone() == (0,)


def test_a_backfill_whose_days_are_read_stores_the_reports_at_the_next_call(daemon, db, jibble):
    db.execute(
        """
        CREATE FUNCTION public.dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          PERFORM pg_sleep(60); RETURN NULL; END $$;
        CREATE TRIGGER dawdle BEFORE INSERT ON timesheet.session_rollup FOR EACH STATEMENT
          EXECUTE FUNCTION public.dawdle()"""
    )
    log = limited(daemon, 10, "backfill", *WINDOW)
    assert "all days are read, then the time limit of 10 s leaves no time for more; left: storing the reports" in log
    assert is_left(log)
    db.execute("DROP TRIGGER dawdle ON timesheet.session_rollup")
    jibble.admin("DELETE", "requests")
    assert not is_left(limited(daemon, 60, "backfill", *WINDOW))
    assert db.execute("SELECT count(*) > 100 FROM timesheet.session_rollup").fetchone() == (True,)
    assert jibble.requests("TimeEntries") == []  # no day is read again


def test_deriving_in_steps_gives_what_one_step_gives(daemon, db):
    """Steps of 100 entries in place of 5,000: a step that is finished counts, though the call is cut."""
    text = db.execute("SELECT pg_get_functiondef('timesheet.derive_step(bigint,int)'::regprocedure)").fetchone()[0]
    assert text.count("greatest(at_most, 1)") == 1
    db.execute(text.replace("greatest(at_most, 1)", "100"))
    log = limited(daemon, 100, "sync", *WINDOW)
    (rejected, deleted, status) = db.execute(
        "SELECT rejected, deleted, status FROM timesheet.ingest_runs ORDER BY ingest_run_id LIMIT 1"
    ).fetchone()
    assert status == "succeeded" and f"{deleted} deleted, {rejected} rejected" in log
    by_steps = db.execute(
        "SELECT to_jsonb(e) - 'deleted_at' FROM timesheet.time_entries AS e ORDER BY jibble_activity_id"
    )
    before = by_steps.fetchall()
    assert len(before) > 1000
    db.execute("SELECT timesheet.replay()")  # everything at once
    assert (
        db.execute(
            "SELECT to_jsonb(e) - 'deleted_at' FROM timesheet.time_entries AS e ORDER BY jibble_activity_id"
        ).fetchall()
        == before
    )


def test_a_kill_between_two_slices_loses_no_slice_that_was_read(weeks, migrated_database, uncut):
    daemon = Daemon(migrated_database(), weeks)
    assert is_left(limited(daemon, 5, "backfill", *WINDOW, **SLOWLY))
    process = daemon.start("backfill", *WINDOW, "--time-limit", "30", **SLOWLY)
    for line in process.stderr:
        if re.search(r"backfill of \S+: run ", line):
            break
    process.kill()
    process.communicate()
    until_nothing_is_left(daemon, 10, "backfill", *WINDOW)
    assert {times for _, times in read_days(daemon, "backfill")} == {1}
    assert hours(daemon, weeks) == uncut


def test_where_another_pass_holds_the_lock_it_exits_75_at_once(daemon, db):
    with Airtable(
        "pat-1", "appBase", "Clients", [("rec1", {"Email": "ann@example.com"})], fields=["Email", "Jibble Group ID"]
    ) as airtable, connect(daemon) as holding, holding.transaction():
        daemon.environment |= {
            "AIRTABLE_TOKEN": "pat-1",
            "AIRTABLE_BASE_ID": "appBase",
            "AIRTABLE_API_URL": airtable.url,
            "MAIL_PROVIDER": "resend",
            "MAIL_FROM": "hours@example.com",
            "RESEND_API_KEY": "key-1",
            "RESEND_API_URL": "http://127.0.0.1:9",
        }
        for lock in ("ingest_lock", "digest_lock", "contacts_lock"):
            holding.execute("SELECT timesheet.take_lock(%s)", (lock,))
        for command in (("sync",), ("nightly",), ("backfill", *WINDOW), ("contacts",), ("digest", "send")):
            began = time.monotonic()
            done = daemon(*command, "--time-limit", "240")
            assert done.returncode == 75, (command, done.stderr)
            assert time.monotonic() - began < 5 and "it is held by role timesheet since" in done.stderr
    assert runs(daemon) == []


def test_contacts_that_cannot_be_read_whole_are_left_as_they_were(daemon, db):
    records = [(f"rec{n}", {"Email": f"ann{n}@example.com"}) for n in range(150)]
    with Airtable("pat-1", "appBase", "Clients", records, fields=["Email", "Jibble Group ID"]) as airtable:
        daemon.environment |= {
            "AIRTABLE_TOKEN": "pat-1",
            "AIRTABLE_BASE_ID": "appBase",
            "AIRTABLE_API_URL": airtable.url,
        }
        airtable.next(None, Slow(30))  # the second page
        began = time.monotonic()
        done = daemon("contacts", "--time-limit", "3")
        assert time.monotonic() - began < 4.5 and done.returncode == 1, done.stderr
        assert (
            "contacts: the time limit of 3 s leaves no time for more, and the list was not read whole; nothing was "
            "changed; give --time-limit more seconds" in done.stderr
        )
        assert db.execute("SELECT count(*) FROM timesheet.contacts").fetchone() == (0,)
        airtable.release()
        limited(daemon, 30, "contacts")
        assert db.execute("SELECT count(*) FROM timesheet.contacts").fetchone() == (150,)


@pytest.mark.parametrize("value", ["0", "-5", "", "5s", "1.5", "0x10", " 5", "86401", "9" * 30, "nan"])
def test_a_limit_that_is_none_is_refused_with_its_remedy(daemon, value):
    for command in (("sync",), ("nightly",), ("backfill", *WINDOW), ("contacts",), ("digest", "send")):
        done = daemon(*command, "--time-limit", value)
        assert done.returncode == 2, (command, done.stderr)
        assert "--time-limit" in done.stderr, done.stderr
        assert (
            f'"{value}" is not a whole number of seconds from 1 to 86400; use for example 240' in done.stderr
        ), done.stderr
    assert runs(daemon) == []


def test_others_take_no_limit_and_help_names_it(daemon):
    for command in ("migrate", "replay", "check", "probe", "run"):
        done = daemon(command, "--time-limit", "5")
        assert done.returncode == 2 and "--time-limit" in done.stderr, done.stderr
    for command in (("sync",), ("nightly",), ("backfill",), ("contacts",), ("digest", "send")):
        assert "--time-limit SECONDS" in daemon(*command, "--help").stdout
