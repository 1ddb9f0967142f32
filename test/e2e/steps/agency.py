"""A dozen agents' weeks at a fake Jibble, read once by timesheetd and copied for each test, and what a hand that
slips does to them."""

import datetime
import threading
import time

import pytest

from conftest import Daemon, FakeJibble, create_database, drop_databases, uri_of, wait_until

WEEKS = 20  # unless the module says its own
WINDOW = ("--since", "2026-11-21", "--until", "2026-11-24")  # what a sync reads


def weeks_of(request):
    return getattr(request.module, "WEEKS", WEEKS)


def new_jibble(directory, weeks):
    """The same organisation each time."""
    return FakeJibble(directory / "truth.json", "--weeks", str(weeks), "--agents", "12")


@pytest.fixture(scope="module")
def agency_template(request, migrated_template, tmp_path_factory):
    """The name of a database with all of it, its reports stored."""
    jibble = new_jibble(tmp_path_factory.mktemp("agency"), weeks_of(request))
    since = datetime.date(2026, 11, 22) - datetime.timedelta(weeks=weeks_of(request))
    name = create_database(migrated_template)
    try:
        Daemon(uri_of(name), jibble).must("backfill", "--since", str(since), "--until", "2026-11-25")
    finally:
        jibble.stop()
    yield name
    drop_databases([name])


@pytest.fixture
def copies(agency_template):
    """Makes copies of a database: of the agency's, if no other is named."""
    made = []

    def copy(template=agency_template):
        made.append(create_database(template))
        return made[-1]

    yield copy
    drop_databases(made)


@pytest.fixture
def jibble(request, tmp_path):
    it = new_jibble(tmp_path, weeks_of(request))
    yield it
    it.stop()


def agents_with_entries(db):
    return [
        agent
        for agent, in db.execute(
            "SELECT agent_id FROM timesheet.time_entries GROUP BY 1 HAVING count(*) > 20 ORDER BY 1"
        )
    ]


def damage_every_day(db):
    """By hand, as the owner: every agent's every day has other hours, and its name is another."""
    db.execute(
        "UPDATE timesheet.time_entries SET start_time_utc = start_time_utc - interval '10 minutes' "
        "WHERE raw_type = 'In'"
    )
    db.execute("UPDATE timesheet.hour_entries SET seconds = seconds + 60")
    db.execute("UPDATE timesheet.agents SET full_name = full_name || ' (damaged)'")


def slow_down(db, table="time_entries", share=0.25):
    """A share of the rows that are written takes a millisecond each, as if there were many more of them."""
    db.execute(
        f"CREATE OR REPLACE FUNCTION public.slow_{table}() RETURNS trigger LANGUAGE plpgsql AS "
        f"'BEGIN IF random() < {share} THEN PERFORM pg_sleep(0.001); END IF; RETURN new; END'"
    )
    db.execute(
        f"CREATE OR REPLACE TRIGGER slow_down BEFORE INSERT OR UPDATE ON timesheet.{table} FOR EACH ROW "
        f"EXECUTE FUNCTION public.slow_{table}()"
    )


def replays_left(db):
    """(unfinished replays, agents that are left to them)."""
    return db.execute(
        "SELECT (SELECT count(*) FROM timesheet.replays), (SELECT count(*) FROM timesheet.replay_agents)"
    ).fetchone()


def until_some_are_done(db, of=None):
    """Waits until a replay has begun and finished some of its agents, or of so many, but not all; how many are left."""
    most = of or 0

    def some():
        nonlocal most
        unfinished, left = replays_left(db)
        most = max(most, left)
        return left if unfinished and 0 < left < most else None

    return wait_until(some, 30)


def entries_in_window(db, agent, kind="In"):
    """Jibble's ids of what a sync of WINDOW reads of the agent."""
    return [
        str(id)
        for id, in db.execute(
            "SELECT jibble_activity_id FROM timesheet.time_entries WHERE agent_id = %s AND raw_type = %s "
            "AND belongs_to_date BETWEEN %s AND %s AND deleted_at IS NULL ORDER BY start_time_utc",
            (agent, kind, WINDOW[1], WINDOW[3]),
        )
    ]


def agents_in_window(db):
    return [agent for agent in agents_with_entries(db) if len(entries_in_window(db, agent)) > 2]


def edit(jibble, db, agent, n=0, seconds=60):
    """Jibble shows one of the agent's entries in the window later than before; (its id, its new time)."""
    id = entries_in_window(db, agent)[n]
    (time,) = db.execute(
        "SELECT to_char((start_time_utc + make_interval(secs => %s)) AT TIME ZONE 'UTC', "
        '\'YYYY-MM-DD"T"HH24:MI:SS"Z"\') FROM timesheet.time_entries WHERE jibble_activity_id = %s',
        (seconds, id),
    ).fetchone()
    jibble.admin("PATCH", f"objects/TimeEntries/{id}", {"time": time})
    return id, time


def is_stored(db, id, time):
    return db.execute(
        "SELECT start_time_utc = %s::timestamptz FROM timesheet.time_entries WHERE jibble_activity_id = %s", (time, id)
    ).fetchone() == (True,)


class Sync:
    """timesheetd sync of WINDOW, started; when each line of its log came, and since when it waited for a lock."""

    def __init__(self, daemon, observer, *arguments, **environment):
        self.lines, self.waited_since = [], None
        self.began = time.monotonic()
        self.process = daemon.start(*(arguments or ("sync", *WINDOW)), **environment)
        self.reader = threading.Thread(target=self._read)
        self.reader.start()
        self.observer = observer

    def _read(self):
        for line in self.process.stderr:
            self.lines.append((time.monotonic(), line))

    def until_it_waits(self, seconds=30):
        """Waits until one of its connections waits for a lock."""

        def waits():
            assert self.process.poll() is None, self.log()
            return self.observer.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' "
                "AND application_name LIKE 'timesheetd%%'"
            ).fetchone()[0]

        wait_until(waits, seconds)
        self.waited_since = time.monotonic()

    def says(self, text, seconds=30):
        """When the log had a line with the text."""
        return wait_until(lambda: next((at for at, line in self.lines if text in line), None), seconds)

    def log(self):
        return "".join(line for _, line in self.lines)

    def end(self, seconds=60):
        """(exit status, seconds that it took)."""
        self.process.wait(seconds)
        took = time.monotonic() - self.began
        self.reader.join(10)
        self.process.stderr.close()
        return self.process.returncode, took
