"""Everybody who writes, at once and at random: passes, corrections, changes by hand, settings, refreshes and replays in
steps. Afterwards the reports are what both engines, and the rules by another calculation, make of the entries; and
the entries are what a replay makes of the raw events."""

import json
import random
import threading
import time
from collections import Counter
from datetime import datetime, timedelta, timezone

import psycopg

from background import InTheBackground
from normalised_tables import contents, unlike
from odd_history import connect, guid
from oracle import session_rules as oracle
from reports import differences

SEED = 20261203
SECONDS = 6
AGENTS = 8
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
FROM = datetime(2026, 3, 2, tzinfo=timezone.utc)
GROUPS, ACTIVITIES = 3, 2
MADE_BY_HAND = "NOT EXISTS (SELECT FROM timesheet.raw_events AS r WHERE r.jibble_id = e.jibble_activity_id)"


def moment(dice):
    return FROM + timedelta(minutes=dice.randrange(14 * 24 * 60))


def text(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def person(n, group):
    return {
        "id": guid(f"agent {n}"),
        "fullName": f"Agent {n}",
        "status": "Joined",
        "groupId": guid(f"group {group}"),
        "ICultureSettings/TimeZone": "Asia/Manila" if n % 2 else "America/New_York",
    }


def entry(n, dice):
    at = moment(dice)
    return {
        "id": guid(f"entry {n}"),
        "personId": guid(f"agent {dice.randrange(AGENTS)}"),
        "type": dice.choice(["In", "In", "StartBreak", "Out"]),
        "time": text(at),
        "belongsToDate": str(at.date()),
        "activityId": guid(f"activity {dice.randrange(ACTIVITIES)}"),
        "status": "Active" if dice.random() < 0.9 else "Archived",
    }


def store(db, resource, objects):
    (run,) = db.execute("SELECT timesheet.begin_run('backfill', '2026-03-01', '2026-03-20')").fetchone()
    objects = list({one["id"]: one for one in objects}.values())
    db.execute(
        "SELECT timesheet.store_page(%s, %s, %s, %s)",
        (run, resource, [one["id"] for one in objects], [json.dumps(one) for one in objects]),
    )
    db.execute("SELECT timesheet.finish_run(%s)", (run,))


def a_pass(db, dice):
    """With news of some agents: entries that are new, others, moved to others' hands or gone; people who moved."""
    if dice.random() < 0.2:
        store(db, "People", [person(dice.randrange(AGENTS), dice.randrange(GROUPS))])
    store(db, "TimeEntries", [entry(dice.randrange(400), dice) for _ in range(dice.randint(1, 12))])


def a_correction(db, dice):
    agent, cutoff = dice.randint(1, AGENTS), f"{dice.randrange(12):02}:00"
    what = dice.random()
    since = (FROM + timedelta(days=dice.randrange(14))).date()
    if what < 0.3:
        db.execute("SELECT timesheet.set_working_time(%s, for_agent => %s, day_cutoff => %s)", (since, agent, cutoff))
    elif what < 0.5:
        db.execute(
            "SELECT timesheet.set_working_time(%s, for_client_group => %s, time_zone => %s)",
            (since, dice.randint(1, GROUPS), dice.choice(["Asia/Kathmandu", "Europe/Berlin"])),
        )
    elif what < 0.8:
        db.execute("SELECT timesheet.assign_client_group(%s, %s, %s)", (agent, dice.randint(1, GROUPS), moment(dice)))
    else:
        found = db.execute("SELECT correction_id FROM timesheet.corrections WHERE revoked_at IS NULL").fetchall()
        if found:
            try:
                db.execute("SELECT timesheet.revoke_correction(%s)", dice.choice(found))
            except psycopg.errors.ObjectNotInPrerequisiteState:
                pass  # another session was faster


def a_hand(db, dice):
    """Entries that Jibble never had, in transactions of up to three statements, some of them taken back."""
    try:
        with db.transaction():
            for _ in range(dice.randint(1, 3)):
                agent, at = dice.randint(1, AGENTS), moment(dice)
                one = f"(SELECT e.jibble_activity_id FROM timesheet.time_entries AS e WHERE {MADE_BY_HAND} LIMIT 1)"
                if dice.random() < 0.6:
                    db.execute(
                        "INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, time_zone, "
                        "raw_type, workday, workday_end) VALUES (gen_random_uuid(), %s, %s, 'UTC', %s, %s, %s)",
                        (agent, at, dice.choice(["In", "Out"]), at.date(), at.date() + timedelta(days=1)),
                    )
                elif dice.random() < 0.5:
                    db.execute(
                        "UPDATE timesheet.time_entries SET agent_id = %s, start_time_utc = %s, workday = %s, "
                        f"workday_end = %s WHERE jibble_activity_id = {one}",
                        (agent, at, at.date(), at.date() + timedelta(days=1)),
                    )
                else:
                    db.execute(f"DELETE FROM timesheet.time_entries WHERE jibble_activity_id = {one}")
            if dice.random() < 0.15:
                raise psycopg.Rollback
    except psycopg.Rollback:
        pass


def a_setting(db, dice):
    time.sleep(0.2)
    db.execute(
        dice.choice(
            [
                "UPDATE timesheet.settings SET max_session = %s::interval",
                "UPDATE timesheet.settings SET overnight_switch = (%s::interval) / 3",
            ]
        ),
        (dice.choice(["14 hours", "16 hours", "15 hours"]),),
    )
    db.execute("UPDATE timesheet.settings SET missing_clock_out = %s", (dice.choice(["day_end", "zero"]),))
    db.execute(
        "UPDATE timesheet.client_groups SET week_starts_on = %s WHERE client_group_id = %s",
        (dice.choice([1, 7, None]), dice.randint(1, GROUPS)),
    )


def a_refresh(db, dice):
    db.execute(dice.choice(["CALL timesheet.refresh_in_steps()", "SELECT timesheet.refresh()"]))


def a_replay(db, dice):
    time.sleep(0.1)
    bounds = dice.choice([(None, None), (None, None), ("2026-03-05", "2026-03-09")])
    try:
        db.execute("CALL timesheet.replay_in_steps(%s, %s)", bounds)
    except psycopg.errors.ObjectNotInPrerequisiteState:
        pass  # another with other bounds has replaced it


def microseconds(value):
    return None if value is None else (value - EPOCH) // timedelta(microseconds=1)


def by_the_rules(db):
    """The daily hours that the oracle works out of the entries and settings that are there."""
    (cutoff, longest, switch, long, missing, week, after_break) = db.execute(
        "SELECT day_cutoff, max_session, overnight_switch, long_session, missing_clock_out, week_starts_on, "
        "activity_after_break FROM timesheet.settings"
    ).fetchone()
    micro = timedelta(microseconds=1)
    settings = oracle.Settings(
        (cutoff.hour * 3600 + cutoff.minute * 60 + cutoff.second) * 1000000,
        longest // micro,
        switch // micro,
        long // micro,
        missing,
        week,
        after_break,
    )
    entries = [
        oracle.Entry(
            id,
            agent,
            group,
            activity,
            microseconds(at),
            kind,
            client,
            date,
            day,
            microseconds(end),
            gone,
            zone or "UTC",
            odd,
            unknown,
        )
        for id, agent, group, activity, at, kind, client, date, day, end, gone, zone, odd, unknown in db.execute(
            "SELECT jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc, raw_type, client_type, "
            "belongs_to_date, workday, workday_end, deleted_at IS NOT NULL, time_zone, is_odd_workday, "
            "unknown_time_zone FROM timesheet.time_entries"
        )
    ]
    now = microseconds(datetime.now(timezone.utc))
    found = []
    for agent in sorted({one.agent_id for one in entries}):
        found += oracle.daily_hours(
            [one for one in entries if one.agent_id == agent], [], None, None, None, now, settings
        )
    return Counter(tuple(vars(row).values()) for row in found)


def test_random_writers_lose_nothing(migrated_database, record_property):
    uri = migrated_database()
    dice = random.Random(SEED)
    with connect(uri) as db:
        store(db, "Groups", [{"id": guid(f"group {n}"), "name": f"Client {n}"} for n in range(GROUPS)])
        store(db, "Activities", [{"id": guid(f"activity {n}"), "name": f"Activity {n}"} for n in range(ACTIVITIES)])
        store(db, "People", [person(n, n % GROUPS) for n in range(AGENTS)])
        store(db, "TimeEntries", [entry(n, dice) for n in range(300)])
        db.execute("SELECT timesheet.refresh()")

    deadline, done, lock = time.monotonic() + SECONDS, Counter(), threading.Lock()

    def repeat(what, number):
        own = random.Random(f"{SEED} {what.__name__} {number}")
        with connect(uri) as call:
            call.execute("SET lock_timeout = '60s'")
            while time.monotonic() < deadline:
                what(call, own)
                with lock:
                    done[what.__name__] += 1

    writers = [a_pass, a_correction, a_correction, a_hand, a_hand, a_setting, a_refresh, a_replay]
    threads = [InTheBackground(repeat, what, n) for n, what in enumerate(writers)]
    for thread in threads:
        thread.join()
    record_property("summary", f"random writers, seed {SEED}: {dict(done)}")
    assert all(done[what.__name__] for what in writers), done

    with connect(uri) as db:
        assert differences(db) == {}
        db.execute("CALL timesheet.refresh_in_steps()")
        assert differences(db) == {}
        assert db.execute("SELECT count(*) FROM timesheet.stale_days").fetchone() == (0,)
        reported = Counter(
            db.execute(
                "SELECT workday, agent_id, client_group_id, activity_id, work_seconds, unconfirmed_seconds, "
                "break_seconds, manual_seconds, sessions, incomplete_sessions FROM timesheet.daily_report"
            ).fetchall()
        )
        assert reported == by_the_rules(db)
        # What Jibble never had goes with the next replay of all.
        db.execute("CALL timesheet.replay_in_steps()")
        db.execute(f"DELETE FROM timesheet.time_entries AS e WHERE {MADE_BY_HAND}")
        db.execute("SELECT timesheet.refresh()")
        found = contents(db)
        db.execute("SELECT timesheet.replay()")
        db.execute("SELECT timesheet.refresh()")
        assert unlike(found, contents(db)) == {}
