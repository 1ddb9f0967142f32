"""backfill: slices that are runs of their own, a progress bar on a terminal only, and an honest end by a signal."""

import os
import pty
import re
import signal
import subprocess
import time

import psycopg
import pytest

from conftest import TIMESHEETD

pytestmark = pytest.mark.every_server

WINDOW = ("--since", "2026-08-30", "--until", "2026-11-25")


def runs(daemon):
    with psycopg.connect(daemon.environment["DATABASE_URL"]) as db:
        return db.execute(
            "SELECT since::text, until::text, status, error FROM timesheet.ingest_runs ORDER BY ingest_run_id"
        ).fetchall()


def test_each_slice_of_28_days_is_a_run(daemon):
    done = daemon.must("backfill", *WINDOW)
    assert [(since, until, status) for since, until, status, _ in runs(daemon)] == [
        ("2026-08-30", "2026-09-26", "succeeded"),
        ("2026-09-27", "2026-10-24", "succeeded"),
        ("2026-10-25", "2026-11-21", "succeeded"),
        ("2026-11-22", "2026-11-25", "succeeded"),
    ]
    assert "\r" not in done.stderr  # plain lines where there is no terminal
    assert len([line for line in done.stderr.splitlines() if "backfill of" in line and "run " in line]) == 4


def test_on_a_terminal_there_is_a_bar_with_rate_and_time_left(daemon):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [TIMESHEETD, "backfill", *WINDOW],
        env=daemon.environment | {"JIBBLE_REQUESTS_PER_SECOND": "10", "TERM": "xterm"},
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:
        pass  # the terminal's other end is closed: the daemon has ended
    os.close(ours)
    assert process.wait(60) == 0
    text = shown.decode()
    assert re.search(r"backfill +\[#+-*\] +\d+ % +[\d,]+ entries +[\d,]+/s +\d+:\d\d left", text), text
    assert "finished" in text


def test_a_signal_ends_it_with_a_correct_run_log_and_says_how_to_continue(daemon):
    process = subprocess.Popen(
        [TIMESHEETD, "backfill", *WINDOW],
        env=daemon.environment | {"JIBBLE_PAGE_SIZE": "20", "JIBBLE_REQUESTS_PER_SECOND": "50"},
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 1, errors
    assert re.search(r"go on with timesheetd backfill --since \d{4}-\d\d-\d\d --until 2026-11-25", errors), errors
    rest = re.search(r"--since (\S+)", errors).group(1)
    assert runs(daemon)[-1][2] == "failed"
    for since, _, status, error in runs(
        daemon
    ):  # of the slice that was being read, and maybe of the one that was being derived
        assert status == "succeeded" or (since >= rest and "SIGTERM" in error)

    daemon.must("backfill", "--since", rest, "--until", "2026-11-25")
    assert runs(daemon)[-1][2] == "succeeded"


def test_a_slice_that_cannot_be_derived_stops_the_next_one_too_and_both_can_be_done_again(daemon):
    """The fourth slice has been read whole by the time the third one's failure is noticed."""
    with psycopg.connect(daemon.environment["DATABASE_URL"], autocommit=True) as db:
        db.execute(
            """
            CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              RAISE 'no room' USING ERRCODE = 'disk_full'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON timesheet.time_entries FOR EACH ROW
              WHEN (NEW.belongs_to_date = '2026-11-16') EXECUTE FUNCTION public.refuse()"""
        )
        errors = daemon("backfill", *WINDOW).stderr
        assert re.search(
            r"no room.*go on with timesheetd backfill --since 2026-10-25 --until 2026-11-25", errors
        ), errors
        assert [(since, status, bool(error and "no room" in error)) for since, _, status, error in runs(daemon)] == [
            ("2026-08-30", "succeeded", False),
            ("2026-09-27", "succeeded", False),
            ("2026-10-25", "failed", True),
            ("2026-11-22", "failed", True),
        ]
        assert db.execute("SELECT count(*) FROM timesheet.time_entries").fetchone() == (0,)
        assert db.execute(
            "SELECT count(*) > 1000 FROM timesheet.raw_events WHERE resource = 'TimeEntries'"
        ).fetchone() == (True,)
        db.execute("DROP TRIGGER refuse ON timesheet.time_entries")
        daemon.must("backfill", "--since", "2026-10-25", "--until", "2026-11-25")
        assert [status for *_, status, _ in runs(daemon)[4:]] == ["succeeded"] * 2
        assert (
            db.execute(
                "SELECT count(DISTINCT jibble_id) FROM timesheet.raw_events WHERE resource = 'TimeEntries'"
            ).fetchone()
            == db.execute("SELECT count(*) FROM timesheet.time_entries").fetchone()
        )


def test_two_at_once_come_one_after_the_other(daemon):
    first, second = (
        subprocess.Popen([TIMESHEETD, "backfill", *WINDOW], env=daemon.environment, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    )
    errors = first.communicate(timeout=60)[1] + second.communicate(timeout=60)[1]
    assert (first.returncode, second.returncode) == (0, 0), errors
    assert "waiting for the ingest lock, held by role timesheet" in errors
    with psycopg.connect(daemon.environment["DATABASE_URL"]) as db:
        assert db.execute(
            "SELECT count(*) FROM (SELECT FROM timesheet.raw_events GROUP BY resource, jibble_id "
            "HAVING count(*) > 1) AS twice"
        ).fetchone() == (0,)
