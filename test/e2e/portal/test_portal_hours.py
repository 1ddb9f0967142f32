"""The hours of the portal are those of the digest to the hundredth, whatever is asked for: in total, and for each
client group, agent and day, and of each agent what is unconfirmed."""

import collections
import datetime
import decimal
import random

import pytest

from logins import login  # noqa: F401 (a fixture)
from portal_world import digest_of, new_token, read
from stage import Stage, guid

import psycopg

pytestmark = pytest.mark.every_server

D = decimal.Decimal
SEED = 20261130
CAT = "cat@example.com"
GROUPS, AGENTS, ACTIVITIES = 3, 6, 4


class Weeks:
    """Three client groups whose weeks begin on Monday, Sunday and Wednesday, and three weeks of random sessions of odd
    seconds: some of a few seconds only, some without a clock-out, some clocked out by Jibble."""

    def __init__(self, uri, login):
        self.stage = Stage(uri)
        self.db = self.stage.db
        random.seed(SEED)
        for g in range(1, GROUPS + 1):
            self.stage.client_group(g)
        for g, first in ((2, 7), (3, 3)):
            self.db.execute(
                "UPDATE timesheet.client_groups SET week_starts_on = %s WHERE jibble_id = %s", (first, guid("group", g))
            )
        self.stage.feed("Activities", *({"id": guid("activity", n), "name": f"A{n}"} for n in range(ACTIVITIES)))
        for a in range(1, AGENTS + 1):
            self.stage.agent(a, 1 + a % GROUPS)
        self.stage.feed("TimeEntries", *self.entries())
        self.stage.feed(
            "HourEntries",
            *(
                {
                    "id": guid("hours", n),
                    "personId": guid("agent", 1 + n % AGENTS),
                    "date": str(self.stage.week + datetime.timedelta(days=n % 7 - 7 * (n % 3))),
                    "duration": f"PT{random.randrange(1, 9999)}S",
                    "activityId": guid("activity", n % ACTIVITIES),
                    "status": "Active",
                }
                for n in range(12)
            ),
        )
        self.stage.contact(CAT, *range(1, GROUPS + 1))
        self.db.execute("SELECT timesheet.refresh()")
        _, self.uri = login(uri, "timesheet_portal")
        self.token = new_token()

    def entries(self):
        n = 0
        for agent in range(1, AGENTS + 1):
            for day in range(-20, 6):  # what is open on Saturday is not running on Monday
                at = random.randrange(0, 7 * 3600)
                for _ in range(random.randrange(0, 5)):
                    n += 1
                    length = random.choice((random.randrange(1, 40), random.randrange(1, 12000)))
                    end = random.choice(("Out", "Out", "next", "StartBreak", "auto", "none"))
                    clock = str(datetime.timedelta(seconds=at)).rjust(8, "0")
                    its = self.stage.event(n, agent, day, "00:00", "In", activityId=guid("activity", n % ACTIVITIES))
                    yield {**its, "time": its["time"].split("T")[0] + f"T{clock}Z"}
                    at += length
                    clock = str(datetime.timedelta(seconds=at)).rjust(8, "0")
                    if end in ("Out", "StartBreak", "auto"):
                        more = {"clientType": "AutoOut"} if end == "auto" else {}
                        kind = "StartBreak" if end == "StartBreak" else "Out"
                        its = self.stage.event(5000 + n, agent, day, "00:00", kind, **more)
                        yield {**its, "time": its["time"].split("T")[0] + f"T{clock}Z"}
                    at += random.randrange(1, 900)

    def digest(self, week, email=CAT, token=None):
        """What the e-mail of that week says, sent with a link."""
        (delivery,) = self.db.execute(
            "SELECT timesheet.snapshot_digest(timesheet.contact_id(%s), %s)", (email, week)
        ).fetchone()
        content = self.db.execute(
            "SELECT content FROM timesheet.digest_deliveries WHERE delivery_id = %s", (delivery,)
        ).fetchone()[0]
        assert self.db.execute(
            "SELECT timesheet.begin_attempt(%s, 'resend', 'h', 'b', %s)", (delivery, digest_of(token or self.token))
        ).fetchone() == (True,)
        self.db.execute("SELECT timesheet.end_attempt(%s, 'sent', 'id', NULL)", (delivery,))
        return content


@pytest.fixture(scope="module")
def weeks(migrated_database, login):  # noqa: F811
    print("seed", SEED)
    it = Weeks(migrated_database(), login)
    it.said = {n: it.digest(it.stage.week + datetime.timedelta(days=7 * n)) for n in (-1, 0)}
    yield it
    it.stage.close()


@pytest.fixture
def portal(weeks):
    with psycopg.connect(weeks.uri, autocommit=True) as db:
        yield db


def key_of(row):
    """The Monday of the ISO week in which the client group's week ends."""
    last = row["week_start"] + datetime.timedelta(days=6)
    return last - datetime.timedelta(days=last.weekday())


def sums(rows, *names, value="hours"):
    found = collections.Counter()
    for row in rows:
        found[tuple(row[name] for name in names)] += row[value]
    return {key: total for key, total in found.items() if total}


@pytest.mark.parametrize("n", (-1, 0))
@pytest.mark.parametrize("name", ("portal_daily", "portal_weekly"))
def test_each_sum_that_the_digest_shows_is_the_sum_of_the_rows(weeks, portal, name, n):
    said, week = weeks.said[n], weeks.stage.week + datetime.timedelta(days=7 * n)
    rows = [r for r in read(portal, name, weeks.token) if key_of(r) == week]
    assert sum(r["hours"] for r in rows) == D(said["total"]["hours"]) > 10
    assert sum(r["unconfirmed_hours"] for r in rows) == D(said["total"]["unconfirmed"]) > 1
    groups = {g["client_group_id"]: g for g in said["client_groups"]}
    assert said["has_more_groups"] is False and not any(g["has_more_agents"] for g in groups.values())
    assert sums(rows, "client_group_id") == {(g,): D(groups[g]["hours"]) for g in groups if D(groups[g]["hours"])}
    agents = {(g, a["agent_id"]): a for g in groups for a in groups[g]["agents"]}
    assert sums(rows, "client_group_id", "agent_id") == {
        key: D(a["hours"]) for key, a in agents.items() if D(a["hours"])
    }
    assert sums(rows, "client_group_id", "agent_id", value="unconfirmed_hours") == {
        key: D(a["unconfirmed"]) for key, a in agents.items() if D(a["unconfirmed"])
    }
    if name == "portal_daily":
        assert sums(rows, "client_group_id", "agent_id", "workday") == {
            (*key, datetime.date.fromisoformat(d["workday"])): D(d["hours"])
            for key, a in agents.items()
            for d in a["days"]
            if D(d["hours"])
        }
    activities = sums(rows, "activity")
    assert sum(activities.values()) == sum(D(a["hours"]) for a in said["activities"])


def test_hours_that_a_digest_said_stay_when_another_client_group_comes(weeks, portal):
    """No digest has reported that one: it is rounded by itself. All rounded together, as in the digests of who has all
    of them, some hours would be others."""
    every = range(1, GROUPS + 1)
    others = {g: f"dan{g}@example.com" for g in every}
    tokens = {g: new_token() for g in every}
    weeks.stage.contact(CAT, *every, more=[(others[g], g) for g in every])
    said = {
        (g, n): weeks.digest(weeks.stage.week + datetime.timedelta(days=7 * n), others[g], tokens[g])
        for g in every
        for n in (-1, 0)
    }
    weeks.stage.contact(CAT, *every, more=[(others[g], *every) for g in every])
    together, moved = read(portal, "portal_daily", weeks.token), 0
    for (g, n), digest in said.items():
        week = weeks.stage.week + datetime.timedelta(days=7 * n)
        (group,) = digest["client_groups"]

        def own(rows):
            return [r for r in rows if key_of(r) == week and r["client_group_id"] == group["client_group_id"]]

        rows = read(portal, "portal_daily", tokens[g])
        assert len({r["client_group_id"] for r in rows if key_of(r) == week}) == GROUPS
        assert sum(r["hours"] for r in own(rows)) == D(digest["total"]["hours"]) > 5
        found = sums(own(rows), "agent_id", "workday")
        assert found == {
            (a["agent_id"], datetime.date.fromisoformat(d["workday"])): D(d["hours"])
            for a in group["agents"]
            for d in a["days"]
            if D(d["hours"])
        }
        moved += found != sums(own(together), "agent_id", "workday")
    assert moved > 0
    for token in tokens.values():
        assert not [n for n in read(portal, "portal_notes", token) if n["code"] == "corrected"]


def test_attendance_has_the_same_hours(weeks, portal):
    rows = read(portal, "portal_daily", weeks.token)
    days = read(portal, "portal_attendance", weeks.token)
    assert sums(rows, "agent_id", "workday") == sums(days, "agent_id", "workday", value="work_hours")
    assert sums(rows, "agent_id", "workday", value="break_hours") == sums(
        days, "agent_id", "workday", value="break_hours"
    )


def test_each_figure_is_nearly_its_seconds_and_no_row_shows_more_unconfirmed_than_work(weeks, portal):
    """An activity is rounded within a cell that was rounded before it, so it may be off by a little more than 0.01."""
    rows = read(portal, "portal_daily", weeks.token)
    assert len(rows) > 100
    for row in rows:
        for hours in ("hours", "unconfirmed_hours", "break_hours"):
            exact = D(row[hours.replace("hours", "seconds") if hours != "hours" else "work_seconds"]) / 3600
            assert abs(row[hours] - exact) < D("0.02") and row[hours].as_tuple().exponent == -2, row
        assert 0 <= row["unconfirmed_hours"] <= row["hours"], row
        assert row["work_seconds"] > 0 or row["hours"] == 0, row


def test_a_shorter_range_shows_the_same_figures(weeks, portal):
    """A range that begins and ends within weeks, of one day, and all."""
    every = read(portal, "portal_daily", weeks.token)
    days = sorted({r["workday"] for r in every})
    assert len(days) > 20
    for since, until in ((days[3], days[11]), (days[5], days[5] + datetime.timedelta(days=1)), (days[9], None)):
        wanted = [r for r in every if since <= r["workday"] and (until is None or r["workday"] < until)]
        found = read(portal, "portal_daily", weeks.token, since, until)
        assert sorted(map(str, found)) == sorted(map(str, wanted)) and wanted
    every = read(portal, "portal_weekly", weeks.token)
    for first in sorted({r["week_start"] for r in every}):
        found = read(portal, "portal_weekly", weeks.token, first, first + datetime.timedelta(days=1))
        assert sorted(map(str, found)) == sorted(str(r) for r in every if r["week_start"] == first)


def test_figures_of_stale_days_are_the_same(weeks, portal):
    before = {name: read(portal, name, weeks.token) for name in ("portal_daily", "portal_weekly", "portal_attendance")}
    weeks.db.execute("SELECT timesheet.mark_all_days()")
    for name, rows in before.items():
        assert sorted(map(str, read(portal, name, weeks.token))) == sorted(map(str, rows)), name
    weeks.db.execute("SELECT timesheet.refresh()")


@pytest.mark.parametrize(
    "seconds, cells, hours, at_most, wanted",
    [
        # 59 s and 13 s are two hundredths together: one each, the larger remainder first.
        ([59, 13], [1, 1], ["0.02", "0.00"], None, ["0.02", "0.00"]),
        ([50, 22], [1, 1], ["0.02", "0.00"], None, ["0.01", "0.01"]),
        # The cell lost a hundredth to another, or got one.
        ([35, 35], [1, 1], ["0.01", "0.00"], None, ["0.01", "0.00"]),
        ([35, 35], [1, 1], ["0.02", "0.00"], None, ["0.01", "0.01"]),
        ([3600, 36, 35], [1, 1, 2], ["1.01", "0.00", "0.01"], None, ["1.00", "0.01", "0.01"]),
        # Unconfirmed: what a part does not show as work goes to another of the agent.
        ([35, 35, 35], [1, 1, 1], ["0.02", "0.00", "0.00"], ["0.00", "0.01", "0.01"], ["0.00", "0.01", "0.01"]),
        ([0, 35, 35], [1, 1, 1], ["0.02", "0.00", "0.00"], ["1.00", "0.00", "0.01"], ["0.01", "0.00", "0.01"]),
        ([35, 35], [1, 1], ["0.02", "0.00"], ["0.00", "0.01"], ["0.01", "0.01"]),
        ([0, 0], [1, 1], ["0.00", "0.00"], None, ["0.00", "0.00"]),
        ([], [], [], None, None),
    ],
)
def test_parts_of_a_rounded_cell_add_up_to_it(weeks, seconds, cells, hours, at_most, wanted):
    (found,) = weeks.db.execute(
        "SELECT timesheet.round_parts(%s::bigint[], %s::int[], %s::numeric[], %s::numeric[])",
        (seconds, cells, hours, at_most),
    ).fetchone()
    assert found == (wanted and [D(w) for w in wanted])


def test_digests_are_rounded_apart(weeks):
    a, b = 1, 2
    (found,) = weeks.db.execute(
        "SELECT timesheet.round_by_digest(%s::int[], %s::int[], %s::bigint[])",
        ([a, b, a, b, a], [1, 2, 3, 4, 1], [12, 12, 12, 12, 12]),
    ).fetchone()
    # 36 s are a hundredth, the first cell's, whose parts have 24 s; 24 s are one as well, rounded.
    assert found == [D("0.01"), D("0.01"), D("0.00"), D("0.00"), D("0.00")]
