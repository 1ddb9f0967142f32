"""When a digest is queued: once its week is complete and the feed was read past it; else it waits,
and health says why."""

import datetime
import signal
import threading

import psycopg
import pytest

from airtable_peer import Airtable
from conftest import wait_until
from stage import Stage
from mail_peers import Resend


@pytest.fixture
def stage(migrated_database):
    uri = migrated_database()
    it = Stage(uri)
    it.client_group(1)
    it.agent(1, 1)
    it.shift(1, 1, 0, "09:00", "17:00")
    it.contact("ann@example.com", 1)
    yield it
    it.close()


def queue(stage, week_of=None):
    return stage.db.execute("SELECT queued FROM timesheet.queue_digests(%s)", (week_of,)).fetchone()[0]


def weeks(stage):
    return [str(week) for week, in stage.db.execute("SELECT week FROM timesheet.digests ORDER BY delivery_id")]


def test_a_complete_week_is_queued_once(stage):
    assert (queue(stage), queue(stage)) == (1, 0)
    assert weeks(stage) == [str(stage.week)]


def test_two_who_queue_at_once_queue_it_once(stage):
    dbs = [psycopg.connect(stage.uri, autocommit=True) for _ in range(4)]
    threads = [threading.Thread(target=db.execute, args=("SELECT timesheet.queue_digests()",)) for db in dbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for db in dbs:
        db.close()
    assert weeks(stage) == [str(stage.week)]


def day_text(day):
    """As people write it: Mon 2 Nov 2026."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def test_a_feed_that_was_not_read_past_the_week_keeps_it_back(stage):
    stage.db.execute(
        "UPDATE timesheet.ingest_runs SET started_at = %s, since = %s, until = %s",
        (stage.week + datetime.timedelta(days=6), stage.week, stage.week + datetime.timedelta(days=7)),
    )
    assert queue(stage) == 0 and queue(stage, stage.week) == 0
    overdue, why = stage.db.execute("SELECT overdue, overdue_because FROM timesheet.digest_health").fetchone()
    assert (
        overdue == 1
        and f"the feed was read through {day_text(stage.week + datetime.timedelta(days=6))}, 00:00 (UTC)" in why
        and f"must be read through {day_text(stage.week + datetime.timedelta(days=7))}, 00:00 (UTC)" in why
    )
    stage.shift(2, 1, 1, "09:00", "17:00")  # a sync
    assert queue(stage) == 1


def test_a_feed_that_never_reached_the_present_keeps_it_back(stage):
    stage.db.execute("UPDATE timesheet.ingest_runs SET until = since")
    assert queue(stage) == 0
    assert (
        "no read of Jibble has reached the present yet; run timesheetd sync"
        in stage.db.execute("SELECT overdue_because FROM timesheet.digest_health").fetchone()[0]
    )


def read(stage, command, first, last, started="now()"):
    """A read of these days, counted from the Monday of the week, that succeeded and brought nothing."""
    (run,) = stage.db.execute(
        "SELECT timesheet.begin_run(%s, %s, %s)",
        (command, stage.week + datetime.timedelta(days=first), stage.week + datetime.timedelta(days=last)),
    ).fetchone()
    stage.db.execute("SELECT timesheet.finish_run(%s)", (run,))
    stage.db.execute(f"UPDATE timesheet.ingest_runs SET started_at = {started} WHERE ingest_run_id = %s", (run,))


def test_a_feed_that_is_fresh_again_after_an_outage_has_not_yet_read_the_days_before(stage):
    """The short window of a poll does not reach the week: the nightly read does, or a backfill."""
    stage.db.execute(
        "DELETE FROM timesheet.ingest_runs AS r WHERE NOT EXISTS (SELECT FROM timesheet.raw_events AS e "
        "WHERE e.ingest_run_id = r.ingest_run_id)"
    )
    stage.db.execute(
        "UPDATE timesheet.ingest_runs SET command = 'sync', since = %s, until = %s, started_at = %s",
        (
            stage.week - datetime.timedelta(days=2),
            stage.week + datetime.timedelta(days=2),
            stage.week + datetime.timedelta(days=1),
        ),
    )
    today = (datetime.datetime.now(datetime.timezone.utc).date() - stage.week).days
    read(stage, "sync", max(today - 3, 7), today + 1)
    tuesday = stage.week + datetime.timedelta(days=1)
    assert queue(stage) == 0 and queue(stage, stage.week) == 0
    assert (
        f"{day_text(stage.week)} was not read again"
        not in stage.db.execute("SELECT overdue_because FROM timesheet.digest_health").fetchone()[0]
    )
    assert (
        f"{day_text(tuesday)} was not read again after it had ended; the nightly read does that, "
        f"or timesheetd backfill --since {tuesday}"
        in stage.db.execute("SELECT overdue_because FROM timesheet.digest_health").fetchone()[0]
    )
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="is not complete"):
        stage.db.execute("SELECT timesheet.resend_digest('ann@example.com', %s)", (stage.week,))
    read(stage, "backfill", 1, 5)
    assert queue(stage) == 0  # Sunday is missing still
    read(stage, "backfill", 6, 6)
    assert queue(stage) == 1


def test_the_running_week_cannot_be_sent_again(stage):
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="is not complete"):
        stage.db.execute(
            "SELECT timesheet.resend_digest('ann@example.com', %s)", (stage.week + datetime.timedelta(days=7),)
        )
    assert queue(stage) == 1 and weeks(stage) == [str(stage.week)]


def test_the_running_week_waits_even_if_it_is_asked_for(stage):
    assert queue(stage, stage.week + datetime.timedelta(days=7)) == 0
    queue(stage)
    # It is Monday first where clocks are ahead of UTC: on a Sunday the next week counts as begun.
    today = datetime.datetime.now(datetime.timezone.utc).date()
    begun = {day - datetime.timedelta(days=day.weekday()) for day in (today, today + datetime.timedelta(days=1))}
    assert stage.db.execute(
        "SELECT week, waits_because = 'it is not due yet' FROM timesheet.digest_weeks ORDER BY week"
    ).fetchall() == [(week, True) for week in sorted(begun)]


def test_the_grace_and_the_hour_are_those_of_the_client_groups_zone(stage):
    stage.db.execute("UPDATE timesheet.client_groups SET time_zone = 'America/New_York'")
    stage.db.execute("UPDATE timesheet.settings SET digest_grace = '12 hours', digest_time = '08:00'")
    complete, due = stage.db.execute(
        """
        SELECT complete_at AT TIME ZONE 'America/New_York', due_at AT TIME ZONE 'America/New_York'
        FROM timesheet.digest_schedule(%s, %s)""",
        (stage.week, stage.week + datetime.timedelta(days=1)),
    ).fetchone()
    monday = datetime.datetime.combine(stage.week + datetime.timedelta(days=7), datetime.time())
    assert complete == monday + datetime.timedelta(hours=12) and due == monday + datetime.timedelta(days=1, hours=8)


def test_a_new_contact_gets_the_last_week_alone(stage):
    stage.shift(2, 1, -7, "09:00", "17:00")
    stage.shift(3, 1, -14, "09:00", "17:00")
    assert queue(stage) == 1 and weeks(stage) == [str(stage.week)]


def subscribed_for(stage, days):
    stage.db.execute("UPDATE timesheet.contacts SET subscribed_since = now() - make_interval(days => %s)", (days,))


def test_weeks_missed_by_an_outage_are_caught_up_oldest_first(stage):
    before = [stage.week - datetime.timedelta(days=n) for n in (21, 14, 7)]
    subscribed_for(stage, 365)
    assert queue(stage, before[0]) == 1
    stage.db.execute("DELETE FROM timesheet.digest_deliveries WHERE week > %s", (before[0],))
    stage.db.execute("UPDATE timesheet.contacts SET subscribed_since = %s", (before[1] + datetime.timedelta(days=7),))
    assert queue(stage) == 3
    assert weeks(stage) == [str(day) for day in (*before, stage.week)]


def test_who_comes_back_is_not_sent_what_was_missed(stage):
    subscribed_for(stage, 365)
    assert (
        stage.db.execute("SELECT count(*) FROM timesheet.digest_weeks WHERE waits_because IS NULL").fetchone()[0] >= 5
    )
    for gone, back in (
        ("removed_at = now()", "removed_at = NULL"),
        ("unsubscribed_at = now()", "unsubscribed_at = NULL"),
    ):
        subscribed_for(stage, 365)
        stage.db.execute(f"UPDATE timesheet.contacts SET {gone}")
        stage.db.execute(f"UPDATE timesheet.contacts SET {back}")
        assert stage.db.execute(
            "SELECT array_agg(week) FROM timesheet.digest_weeks WHERE waits_because IS NULL"
        ).fetchone() == ([stage.week],)


def test_a_week_sent_by_hand_changes_nothing_of_what_is_sent_automatically(stage):
    """To a new contact, a month back: the weeks between stay unsent, and last week's goes as ever."""
    assert queue(stage, stage.week - datetime.timedelta(days=28)) == 1
    assert queue(stage) == 1 and weeks(stage) == [str(stage.week - datetime.timedelta(days=28)), str(stage.week)]


def test_one_digest_that_cannot_be_made_stops_no_other(stage):
    stage.contact("ann@example.com", 1, more=[("bob@example.com", 1), ("cy@example.com", 1)])
    stage.db.execute(
        """
        CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF NEW.email = 'bob@example.com' THEN RAISE 'no mail for Bob'; END IF; RETURN NEW; END $$;
        CREATE TRIGGER refuse BEFORE
          INSERT ON timesheet.digest_deliveries FOR EACH ROW EXECUTE FUNCTION pg_temp.refuse()"""
    )
    warnings = []
    stage.db.add_notice_handler(lambda notice: warnings.append(notice.message_primary))
    assert queue(stage) == 2
    assert [email for email, *_ in stage.deliveries()] == ["ann@example.com", "cy@example.com"]
    assert len(warnings) == 1 and "bob@example.com" in warnings[0] and "no mail for Bob" in warnings[0]
    assert stage.db.execute("SELECT overdue FROM timesheet.digest_health").fetchone() == (1,)
    assert stage.db.execute("SELECT * FROM timesheet.queue_digests()").fetchone() == (0, 1)


def test_no_call_takes_long(stage):
    stage.contact("a0@example.com", 1, more=[(f"a{n}@example.com", 1) for n in range(1, 5)])
    assert [
        stage.db.execute("SELECT queued FROM timesheet.queue_digests(most => 2)").fetchone()[0] for _ in range(4)
    ] == [2, 2, 1, 0]


def test_an_older_week_is_sent_if_it_is_asked_for(stage):
    queue(stage)
    assert queue(stage, stage.week - datetime.timedelta(days=100)) == 1


def test_the_service_fetches_contacts_and_sends_what_is_due(daemon, db, jibble):
    """run alone, from an empty database to a mail."""
    daemon.must("sync", "--since", "2026-11-20")
    (group,) = db.execute(
        "SELECT jibble_id::text FROM timesheet.client_groups ORDER BY client_group_id LIMIT 1"
    ).fetchone()
    db.execute("UPDATE timesheet.settings SET digest_grace = '0', digest_time = '00:00'")
    with Airtable(
        "pat-1", "app1", "Clients", [("rec1", {"Email": "ann@example.com", "Jibble Group ID": group})]
    ) as airtable, Resend("re-1") as resend:
        process = daemon.start(
            "run",
            SYNC_INTERVAL="1",
            AIRTABLE_TOKEN="pat-1",
            AIRTABLE_BASE_ID="app1",
            AIRTABLE_API_URL=airtable.url,
            MAIL_PROVIDER="resend",
            MAIL_FROM="hours@example.com",
            RESEND_API_KEY="re-1",
            RESEND_API_URL=resend.url,
        )
        wait_until(lambda: resend.mails, 30)
        passes = len(jibble.requests("TimeEntries"))
        wait_until(lambda: len(jibble.requests("TimeEntries")) >= passes + 4, 30)
        process.send_signal(signal.SIGTERM)
        errors = process.communicate(timeout=20)[1]
        assert process.returncode == 0, errors
        assert len(resend.mails) == 1 and len(airtable.requests) == 1  # hourly
        assert "pat-1" not in errors and "re-1" not in errors


def test_an_airtable_that_fails_keeps_neither_the_feed_nor_the_digests_back(daemon, db, jibble):
    daemon.must("sync", "--since", "2026-11-20")
    (group,) = db.execute(
        "SELECT jibble_id::text FROM timesheet.client_groups ORDER BY client_group_id LIMIT 1"
    ).fetchone()
    db.execute("UPDATE timesheet.settings SET digest_grace = '0', digest_time = '00:00'")
    db.execute(
        """SELECT timesheet.store_contacts(json_build_array(json_build_object('id', 'rec1', 'fields',
             json_build_object('E', 'ann@example.com', 'G', %s::text))), 'E', 'G')""",
        (group,),
    )
    with Airtable("pat-1", "app1", "Clients") as airtable, Resend("re-1") as resend:
        process = daemon.start(
            "run",
            SYNC_INTERVAL="1",
            AIRTABLE_TOKEN="wrong",
            AIRTABLE_BASE_ID="app1",
            AIRTABLE_API_URL=airtable.url,
            MAIL_PROVIDER="resend",
            MAIL_FROM="hours@example.com",
            RESEND_API_KEY="re-1",
            RESEND_API_URL=resend.url,
        )
        wait_until(lambda: resend.mails, 30)
        process.send_signal(signal.SIGTERM)
        errors = process.communicate(timeout=20)[1]
        assert process.returncode == 0 and "check AIRTABLE_TOKEN" in errors
