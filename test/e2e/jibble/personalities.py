"""The personality matrix's ground: every position of the fake's switches, a small organisation in which each of them
matters, and the hours that are right, from the truth alone.

    repeated, none     R8: as_sent counts the In after a break as it was sent; carried_on as R8 carries it.
    EndBreak           R1: ignored, as any type that is not one of the three; the break lasts to the next event.
    removed_people     gone before the first reading: nobody can say in which client group that person works.
"""

import contextlib
import copy
import datetime
import json
import types
import zoneinfo

import psycopg
import pytest

from conftest import (
    ENGINES,
    Daemon,
    FakeJibble,
    create_database,
    drop_databases,
    set_cutoffs,
    truth_rows,
    uri_of,
)

SWITCHES = {  # the default first
    "id_order": ["as_asked", "refused_400", "refused_500"],
    "select_slash_keys": ["honoured", "refused_400", "refused_500", "left_out"],
    "people_time_zones": ["honoured", "refused_400"],
    "count": ["given", "missing", "refused_400"],
    "page_cap": ["1000", "100", "50", "refused_above_100"],
    "entries_500": ["never", "with_count", "large_pages"],
    "removed_people": ["listed", "by_id", "gone"],
    "archived_groups": ["listed", "by_id", "gone"],
    "archived_activities": ["listed", "by_id", "gone"],
    "archived_entries": ["listed", "by_id", "gone"],
    "entries_without_date": ["found", "empty"],
    "activity_after_break": ["repeated", "none"],
    "break_end_type": ["In", "EndBreak"],
    "summary_midnight": ["whole", "split"],
    "summary_envelope": ["object", "array"],
    "summary_durations": ["plain", "fractional", "days"],
    "tracked_hour_entries": ["with", "without"],
    "tracked_deductions": ["without", "with"],
    "person_ids": ["repeated", "single"],
    "seventh_digit": ["never", "any"],
    "object_by_key": ["not_served", "served"],
}
AUDIT_ONLY = {
    "summary_midnight",
    "summary_envelope",
    "summary_durations",
    "tracked_hour_entries",
    "tracked_deductions",
    "person_ids",
}
SINGLY = [{name: position} for name, positions in SWITCHES.items() for position in positions[1:]]
READING = [{}] + [it for it in SINGLY if not set(it) & AUDIT_ONLY]
AUDITING = [{}] + [it for it in SINGLY if set(it) & AUDIT_ONLY]

WEEK = datetime.date(2026, 11, 16), datetime.date(2026, 11, 23)
AUDITED = ("--since", "2026-11-16", "--until", "2026-11-22")
WINDOW = ("--since", "2026-11-15", "--until", "2026-11-25")
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def named(switches):
    return ",".join(f"{name}={position}" for name, position in switches.items()) or "default"


def moment(text):
    return datetime.datetime.fromisoformat(text)


class Organisation:
    """A fake of one week whose truth this file may change beside it, and what the cases need in it."""

    def __init__(self, folder):
        self.folder = folder
        self.fake = FakeJibble(folder / "truth.json", "--weeks", "1", "--agents", "16")
        self.truth = json.loads(self.fake.truth.read_text())
        self.agents = {agent["id"]: agent for agent in self.truth["agents"]}
        self.groups = {group["id"]: group for group in self.truth["groups"]}
        # Each is alone in a client group: what happens to one changes nobody else's hours. The two whose person or
        # group may be unknown have the organisation's zone and no cut-off, which would be unknown as well.
        self.removed, archived, *_ = (
            id
            for id, agent in self.agents.items()
            if agent["time_zone"] == "Asia/Manila" and self.groups[agent["group_id"]]["day_cutoff"] == "00:00"
        )
        self.loser, self.editor, self.erased, *_ = (
            id for id in self.agents if id not in (self.removed, archived) and self.switches_of(id)
        )
        self.archived_group = self.agents[archived]["group_id"]
        self.archived_activity = next(
            i["activity_id"] for i in self.truth["intervals"] if i["agent_id"] == archived and i["activity_id"]
        )
        self.patch("People", self.removed, status="Removed")
        self.patch("Groups", self.archived_group, status="Archived")
        self.patch("Activities", self.archived_activity, status="Archived")
        # An In in the middle of somebody's work that was taken back: it must never count.
        first = next(i for i in self.truth["intervals"] if i["agent_id"] == self.editor and i["kind"] == "work")
        entry = self.fake.admin("GET", "objects/TimeEntries/" + first["start_event_id"])
        middle = moment(first["start"]) + (moment(first["end"]) - moment(first["start"])) / 2
        self.fake.admin(
            "PUT",
            "objects/TimeEntries",
            entry
            | {
                "id": "77777777-0000-4000-8000-000000000001",
                "status": "Archived",
                "activityId": None,
                "time": middle.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "previousTimeEntryId": None,
                "nextTimeEntryId": None,
            },
        )

    def patch(self, resource, id, **members):
        self.fake.admin("PATCH", f"objects/{resource}/{id}", members)

    def move(self, switches):
        moved = self.fake.admin("PUT", "personality", switches)
        assert moved == moved | switches

    def switches_of(self, agent):
        """The agent's Ins that follow work at once."""
        of_agent = [i for i in self.truth["intervals"] if i["agent_id"] == agent]
        return [
            this["start_event_id"]
            for before, this in zip(of_agent, of_agent[1:])
            if before["kind"] == this["kind"] == "work"
            and before["end"] == this["start"]
            and "2026-11-17" <= this["start"][:10] <= "2026-11-20"
        ]

    def started_on(self, agent, date):
        """The first entry of somebody in Manila on a local date."""
        return next(
            i["start_event_id"]
            for i in self.truth["intervals"]
            if i["agent_id"] == agent
            and moment(i["start"]).astimezone(zoneinfo.ZoneInfo("Asia/Manila")).date().isoformat() == date
        )

    def take_back(self, event_id):
        """In the truth: what was done before went on."""
        intervals = self.truth["intervals"]
        at = next(n for n, i in enumerate(intervals) if i["start_event_id"] == event_id)
        take_over_end(intervals[at - 1], intervals.pop(at))

    def change_the_past(self):
        """One In is deleted, one archived, and one typed duration deleted, which is returned."""
        deleted, archived = self.switches_of(self.loser)[0], self.switches_of(self.editor)[0]
        self.fake.admin("DELETE", "objects/TimeEntries/" + deleted)
        self.patch("TimeEntries", archived, status="Archived")
        hours = next(
            h
            for h in self.truth["hour_entries"]
            if not h["archived"] and h["agent_id"] != self.erased and "2026-11-16" <= h["date"] <= "2026-11-22"
        )
        self.fake.admin("DELETE", "objects/HourEntries/" + hours["id"])
        self.take_back(deleted)
        self.take_back(archived)
        self.truth["hour_entries"].remove(hours)
        return hours

    def erase_somebody(self):
        """Who is gone with everything of theirs: their hours are kept until a person decides."""
        self.fake.admin("POST", f"people/{self.erased}/erase")

    def expected(self, switches, carried_on=False, unknown_person=None, read_before=None):
        """weekly_hours' rows as (group, agent, activity, seconds…), ids of Jibble's. `read_before` is whose entries
        were read by default and then no more."""
        truth = copy.deepcopy(self.truth)
        read, unread = (
            [i for i in truth["intervals"] if (i["agent_id"] == read_before) == before] for before in (False, True)
        )
        if switches.get("activity_after_break") == "none":
            leave_out_after_breaks(self, read)
        if switches.get("break_end_type") == "EndBreak":
            ignore_ends_of_breaks(read)
        truth["intervals"] = read + unread
        if carried_on:
            carry_on(self, truth["intervals"])
        path = self.folder / "expected.json"
        path.write_text(json.dumps(truth))
        rows = truth_rows(types.SimpleNamespace(truth=path), *(str(day) for day in WEEK))
        return {
            (
                None if row["agent_id"] == unknown_person else row["group_id"],
                row["agent_id"],
                row["activity_id"],
                *(row[name] for name in NUMBERS),
            )
            for row in rows
        }

    def workday(self, interval):
        agent = self.agents[interval["agent_id"]]
        cutoff = HOUR * int(self.groups[agent["group_id"]]["day_cutoff"][:2])
        return (
            moment(interval["start"]).astimezone(zoneinfo.ZoneInfo(agent["time_zone"])).replace(tzinfo=None) - cutoff
        ).date()


def take_over_end(interval, other):
    for name in ("end", "lost_out", "auto_out", "running"):
        interval[name] = other[name]


def after_breaks(intervals):
    """(the work before, the break, the work that ends it), one after the other without a gap."""
    for work, rest, again in zip(intervals, intervals[1:], intervals[2:]):
        if (
            (work["kind"], rest["kind"], again["kind"]) == ("work", "break", "work")
            and work["agent_id"] == again["agent_id"]
            and work["end"] == rest["start"]
            and rest["end"] == again["start"]
            and not (work["lost_out"] or rest["lost_out"])
        ):
            yield work, rest, again


def leave_out_after_breaks(organisation, intervals):
    """The fake's `none`: an In that goes on with what was done before the break says no activity."""
    same = [
        again
        for work, _, again in after_breaks(intervals)
        if work["activity_id"] == again["activity_id"] and organisation.workday(work) == organisation.workday(again)
    ]
    for again in same:
        again["activity_id"] = None


def carry_on(organisation, intervals):
    """R8, carried_on, in order of time, as what is carried may be carried further. A break of more than six hours
    was forgotten (R5), so nothing closed it."""
    for work, rest, again in after_breaks(intervals):
        if (
            again["activity_id"] is None
            and moment(rest["end"]) - moment(rest["start"]) <= 6 * HOUR
            and organisation.workday(work) == organisation.workday(rest) == organisation.workday(again)
        ):
            again["activity_id"] = work["activity_id"]


def ignore_ends_of_breaks(intervals):
    """R1 where a break ends with an EndBreak: nothing is known of the work after it but the next event."""
    for _, rest, again in list(after_breaks(intervals)):
        take_over_end(rest, again)
        intervals[:] = [interval for interval in intervals if interval is not again]


NUMBERS = [
    "work_seconds",
    "unconfirmed_seconds",
    "break_seconds",
    "manual_seconds",
    "session_count",
    "incomplete_count",
]
HOURS = f"""
    SELECT g.jibble_id::text, a.jibble_id::text, v.jibble_id::text, {', '.join('h.' + name for name in NUMBERS)}
    FROM timesheet.weekly_hours(%s, %s, NULL, 'infinity') AS h JOIN timesheet.agents AS a USING (agent_id)
    LEFT JOIN timesheet.client_groups AS g ON g.client_group_id = h.client_group_id
    LEFT JOIN timesheet.activities AS v USING (activity_id)"""


def assert_hours(daemon, wanted):
    for engine in ENGINES:
        with psycopg.connect(daemon.environment["DATABASE_URL"]) as db:
            db.execute("SELECT timesheet.use_engine(%s)", (engine,))
            found = db.execute(HOURS, WEEK).fetchall()
            db.rollback()
        wrong, missing = set(found) - wanted, wanted - set(found)
        assert (engine, sorted(wrong, key=repr)[:5], sorted(missing, key=repr)[:5], len(found)) == (
            engine,
            [],
            [],
            len(wanted),
        )


FINDINGS = """
    SELECT f.kind, a.jibble_id::text, f.day::text
    FROM timesheet.audit_findings AS f JOIN timesheet.agents AS a USING (agent_id)"""
LAST_AUDIT = "SELECT since::text, until::text, agent_days > 7 FROM timesheet.audits ORDER BY audit_id DESC LIMIT 1"


def assert_audited(daemon, switches, erased=None, deleted_hours=None):
    """The audit of the week ends with exit 0 and finds no day that differs or cannot be compared, but for these:

    tracked_deductions=with   its tracked time is not what was worked, and nothing in its answer says so: differs.
    break_end_type=EndBreak   the work after a break is none to us (R1), and is work to Jibble: differs.
    somebody erased           Jibble names that person no more, and our hours are kept: unreadable.
    a deleted duration        the fake deletes the object and keeps its figures: that day differs where they hold it,
                              and hides on the days beside it what lies across midnight.
    """
    done = daemon.must("audit", *AUDITED)
    with psycopg.connect(daemon.environment["DATABASE_URL"]) as db:
        found = db.execute(FINDINGS).fetchall()
        audits = db.execute(LAST_AUDIT).fetchall()
    assert audits == [(AUDITED[1], AUDITED[3], True)]
    may_differ = switches.get("tracked_deductions") == "with" or switches.get("break_end_type") == "EndBreak"
    unreadable = {person for kind, person, _ in found if kind in ("unreadable", "refused")}
    assert unreadable == ({erased} if erased else set()), found
    differing = {(person, day) for kind, person, day in found if kind == "differs"}
    if may_differ:
        assert differing, "nothing differs: this exception is none any more"
    else:
        kept = (
            {
                (deleted_hours["agent_id"], str(datetime.date.fromisoformat(deleted_hours["date"]) + n * DAY))
                for n in (-1, 0, 1)
            }
            if deleted_hours
            else set()
        )
        assert differing <= kept, [line for line in done.stdout.splitlines() if " differs " in line]
    across = {kind for kind, *_ in found if kind == "across_midnight"}
    assert across or switches.get("summary_midnight") != "split", "nobody worked across midnight: this proves nothing"


def set_night_cutoffs(daemon, organisation):
    with psycopg.connect(daemon.environment["DATABASE_URL"]) as db:
        set_cutoffs(db, organisation.fake)


def carry_activities_on(daemon):
    with psycopg.connect(daemon.environment["DATABASE_URL"]) as db:
        db.execute("UPDATE timesheet.settings SET activity_after_break = 'carried_on'")


@contextlib.contextmanager
def copied(template, organisation):
    """timesheetd before the organisation, with a copy of a database that ends with it."""
    name = create_database(template)
    try:
        yield Daemon(uri_of(name), organisation.fake)
    finally:
        organisation.fake.stop()
        drop_databases([name])


@pytest.fixture
def case(migrated_template, tmp_path):
    """An organisation by itself, and timesheetd with a database of its own."""
    organisation = Organisation(tmp_path)
    with copied(migrated_template, organisation) as daemon:
        yield organisation, daemon


@pytest.fixture(scope="session")
def read_by_default(migrated_template, tmp_path_factory):
    """The name of a database into which an organisation was read, under the default positions, by a backfill."""
    organisation = Organisation(tmp_path_factory.mktemp("read_by_default"))
    name = create_database(migrated_template)
    daemon = Daemon(uri_of(name), organisation.fake)
    daemon.must("backfill", *WINDOW)
    set_night_cutoffs(daemon, organisation)
    yield name
    organisation.fake.stop()
    drop_databases([name])


@pytest.fixture
def read_case(read_by_default, tmp_path):
    """The same after a first reading by default: every organisation is the same at first, so one is read for all."""
    organisation = Organisation(tmp_path)
    with copied(read_by_default, organisation) as daemon:
        yield organisation, daemon
