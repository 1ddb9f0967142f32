"""What a digest says: every number is the views', what is shown adds up, names do no harm,
and what cannot be shown says why."""

import contextlib
import datetime
import decimal
import email.charset
import email.mime.text
import json
import re

import psycopg
import pytest

from conftest import Daemon
from stage import Preview, daemon, guid, shown_week, stage  # noqa: F401 (fixtures among them)


D = decimal.Decimal


def rounded(seconds):
    """Largest remainder, worked out here: {cell: seconds} to {cell: hours};
    in the order given where remainders are equal."""
    whole = {cell: s // 36 for cell, s in seconds.items()}
    total = int((D(sum(seconds.values())) / 36).quantize(D(1), decimal.ROUND_HALF_UP))
    by_remainder = sorted(seconds, key=lambda cell: -(seconds[cell] % 36))
    for cell in by_remainder[: total - sum(whole.values())]:
        whole[cell] += 1
    return {cell: D(hundredths) / 100 for cell, hundredths in whole.items()}


def decimals(text):
    """Every number with two decimals, in order."""
    return [D(t) for t in re.findall(r"\d+\.\d\d", text)]


# --- the sample organisation


@pytest.fixture(scope="module")
def sample(migrated_database, organisation):
    daemon = Daemon(migrated_database(), organisation)
    daemon.must("backfill", "--since", "2026-10-26")
    with psycopg.connect(daemon.environment["DATABASE_URL"], autocommit=True) as db:
        db.execute("UPDATE timesheet.client_groups SET week_starts_on = 7 WHERE client_group_id % 5 = 0")
        db.execute(
            """
            SELECT timesheet.store_contacts(json_agg(json_build_object('id', 'rec' || c.n, 'fields',
              json_build_object('Email', 'c' || c.n || '@example.com', 'G',
              (SELECT json_agg(g.jibble_id) FROM timesheet.client_groups AS g
                WHERE c.n = 0 OR g.client_group_id %% 5 = c.n %% 5 AND g.client_group_id <= 15)))), 'Email', 'G')
            FROM generate_series(0, 5) AS c (n)""".replace(
                "%%", "%"
            )
        )
        yield daemon, db


def seconds_of(db, contact, by, what="work_seconds"):
    """Work seconds (or others) of the contact's client groups in the week that ends within 16 to 22 November,
    from daily_report."""
    return {
        tuple(key): int(s)
        for *key, s in db.execute(
            f"""
        SELECT {by}, sum(r.{what}) FROM timesheet.daily_report AS r
        JOIN timesheet.contact_client_groups AS m USING (client_group_id)
        JOIN timesheet.contacts AS c USING (contact_id)
        JOIN timesheet.client_groups AS g USING (client_group_id)
        WHERE c.email = %s AND r.workday >= CASE WHEN g.week_starts_on = 7 THEN date '2026-11-15' ELSE '2026-11-16' END
          AND r.workday < CASE WHEN g.week_starts_on = 7 THEN date '2026-11-22' ELSE '2026-11-23' END
        GROUP BY {by} HAVING sum(r.work_seconds) <> 0 ORDER BY {by}""",
            (contact,),
        )
    }


def numbers_in_order(said):
    """The hours of a document, as the text part shows them."""

    def hours(of):
        return [of["hours"]] + ([of["unconfirmed"]] if of["has_unconfirmed"] else [])

    def days(of):
        return [day["hours"] for day in of["days"] if not day["is_zero"]]

    total = said["total"]
    yield from hours(total)
    if total["has_previous"]:
        yield from ([] if total["is_same"] else [total["difference"]]) + [total["previous"]]
    if said["many_groups"]:
        for group in said["client_groups"]:
            yield from hours(group)
        if said["has_more_groups"]:
            yield from hours(said["more_groups"])
    for group in said["client_groups"]:
        yield from ([group["hours"]] if said["many_groups"] else [])
        if not group["is_empty"]:
            yield from days(group) if group["has_day_totals"] else []
            for agent in group["agents"]:
                yield from hours(agent) + days(agent)
            yield from hours(group["more_agents"]) if group["has_more_agents"] else []
    yield from [a["hours"] for a in said["activities"]] + (
        [said["more_activities"]["hours"]] if said["has_more_activities"] else []
    )


@pytest.mark.parametrize("contact", [f"c{n}@example.com" for n in range(6)])
def test_every_number_is_the_views(sample, contact):
    daemon, db = sample
    shown = Preview(daemon, contact, "--week", "2026-11-18")
    cells = rounded(
        {
            tuple(map(str, key)): s
            for key, s in seconds_of(db, contact, "r.client_group_id, r.agent_id, r.workday").items()
        }
    )
    assert cells, "the week must not be empty"
    in_json = {
        (str(group["client_group_id"]), str(agent["agent_id"]), day["workday"]): D(day["hours"])
        for group in shown.json["client_groups"]
        for agent in group["agents"]
        for day in agent["days"]
        if not day["is_zero"]
    }
    assert in_json == {cell: cells[cell] for cell in in_json}
    if contact != "c0@example.com":  # a mail of all client groups lists only some agents
        assert len(in_json) == len(cells)
    in_days = {
        (str(group["client_group_id"]), day["workday"]): D(day["hours"])
        for group in shown.json["client_groups"]
        for day in group["days"]
    }
    assert in_days == {
        key: sum((h for (group, _, day), h in cells.items() if (group, day) == key), D(0)) for key in in_days
    }
    activities = rounded({key[0]: s for key, s in seconds_of(db, contact, "r.activity").items()})
    largest = sorted(activities, key=lambda name: (-activities[name], name))[:15]
    assert {a["name"]: D(a["hours"]) for a in shown.json["activities"]} == {name: activities[name] for name in largest}
    assert D(shown.json["more_activities"]["hours"]) == sum(activities.values()) - sum(
        activities[name] for name in largest
    )
    # The mail shows what the document holds, in its order.
    as_shown = [
        D(day["hours"]) if not day["is_zero"] else "–"
        for group in shown.json["client_groups"]
        for agent in group["agents"]
        for day in agent["days"]
    ]
    assert [t if t == "–" else D(t) for t in shown.texts("day-hours")] == as_shown
    assert shown.texts("agent-name") == [
        agent["name"] for group in shown.json["client_groups"] for agent in group["agents"]
    ]
    assert [D(t) for t in shown.texts("activity-hours")] == [D(a["hours"]) for a in shown.json["activities"]]
    by_agent = {}
    for (group, agent, _), hours in cells.items():
        by_agent[group, agent] = by_agent.get((group, agent), D(0)) + hours
    seconds = seconds_of(db, contact, "r.client_group_id, r.agent_id", "unconfirmed_seconds")
    unconfirmed = {
        key: min(h, by_agent[key])
        for key, h in rounded(
            {cell: seconds.get(tuple(map(int, cell)), 0) for cell in sorted(by_agent, key=lambda c: tuple(map(int, c)))}
        ).items()
    }
    assert {
        (str(g["client_group_id"]), str(a["agent_id"])): D(a["unconfirmed"])
        for g in shown.json["client_groups"]
        for a in g["agents"]
    }.items() <= unconfirmed.items()
    assert {str(g["client_group_id"]): D(g["unconfirmed"]) for g in shown.json["client_groups"]}.items() <= {
        group: sum(h for (g, _), h in unconfirmed.items() if g == group) for group, _ in unconfirmed
    }.items()
    assert D(shown.json["total"]["unconfirmed"]) == sum(unconfirmed.values())
    shares = [int(a["share"]) for a in shown.json["activities"]] + [int(shown.json["more_activities"]["share"])]
    parts = [D(a["hours"]) for a in shown.json["activities"]] + [D(shown.json["more_activities"]["hours"])]
    assert sum(shares) == 100 and all(abs(share - 100 * part / sum(parts)) < 1 for share, part in zip(shares, parts))
    assert [int(t) for t in shown.texts("activity-share")] == shares[:-1]
    # All numbers of the text part up to the notes, in order, and no other.
    assert decimals(re.split(r"\nNotes\n|\nCorrections to|\n-{33}\nUnconfirmed", shown.text)[0]) == [
        D(n) for n in numbers_in_order(shown.json)
    ]


@pytest.mark.parametrize("contact", [f"c{n}@example.com" for n in range(6)])
def test_what_is_shown_adds_up(sample, contact):
    daemon, _ = sample
    shown = Preview(daemon, contact, "--week", "2026-11-18")
    total = D(shown.texts("total-hours")[0])
    more = sum(D(t) for t in shown.texts("more-agents-hours") + shown.texts("more-groups-hours"))
    assert (
        total
        == sum(D(t) for t in shown.texts("agent-hours")) + more
        == sum(D(t) for t in shown.texts("activity-hours") + shown.texts("more-activities-hours"))
    )
    assert total == sum(D(t) for t in shown.texts("day-hours") if t != "–") + more
    if shown.json["many_groups"]:
        assert total == sum(D(t) for t in shown.texts("group-hours") + shown.texts("more-groups-hours"))
    for group in shown.json["client_groups"]:
        assert (
            D(group["hours"])
            == sum(D(agent["hours"]) for agent in group["agents"]) + D(group["more_agents"]["hours"])
            == sum(D(day["hours"]) for day in group["days"])
        )
        assert (
            D(group["unconfirmed"])
            == sum(D(agent["unconfirmed"]) for agent in group["agents"]) + D(group["more_agents"]["unconfirmed"])
            <= D(group["hours"])
        )
        for agent in group["agents"]:
            assert D(agent["hours"]) == sum(D(day["hours"]) for day in agent["days"]) and D(agent["unconfirmed"]) <= D(
                agent["hours"]
            )
    said = shown.json["total"]
    assert D(said["difference"]) == abs(total - D(said["previous"])) and D(said["unconfirmed"]) == (
        sum(
            D(t)
            for t in shown.texts("agent-unconfirmed")
            + shown.texts("more-agents-unconfirmed")
            + shown.texts("more-groups-unconfirmed")
        )
    )
    week_before = json.loads(
        daemon.must("digest", "preview", "--contact", contact, "--week", "2026-11-11", "--format", "json").stdout
    )
    assert week_before["total"]["hours"] == said["previous"]


def test_each_client_group_names_the_zones_that_its_days_are_in(sample):
    daemon, db = sample
    shown = Preview(daemon, "c0@example.com", "--week", "2026-11-18")
    worked_in = dict(
        db.execute(
            """
        SELECT g.client_group_id, string_agg(DISTINCT e.time_zone, ', ' ORDER BY e.time_zone)
        FROM timesheet.time_entries AS e
        JOIN timesheet.client_groups AS g USING (client_group_id)
        WHERE e.deleted_at IS NULL AND timesheet.digest_week(e.workday, coalesce(g.week_starts_on, 1)) = '2026-11-16'
        GROUP BY g.client_group_id"""
        ).fetchall()
    )
    zones = [worked_in.get(g["client_group_id"], g["time_zone"]) for g in shown.json["client_groups"]]
    assert shown.texts("group-zones") == zones and len(set(zones)) > 1
    assert shown.texts("period-zones") == [", ".join(sorted(set(", ".join(worked_in.values()).split(", "))))]


def test_every_session_without_an_end_is_noted(sample):
    daemon, db = sample
    shown = Preview(daemon, "c0@example.com", "--week", "2026-11-18")
    wanted = db.execute(
        """
        SELECT l.agent, to_char(l.started_at AT TIME ZONE e.time_zone, 'Dy FMDD Mon, HH24:MI')
        FROM timesheet.session_log AS l
        JOIN timesheet.time_entries AS e USING (jibble_activity_id)
        JOIN timesheet.client_groups AS g ON g.client_group_id = l.client_group_id
        WHERE NOT l.is_complete AND timesheet.digest_week(l.workday, coalesce(g.week_starts_on, 1)) = '2026-11-16'"""
    ).fetchall()
    assert wanted and set(wanted) <= set(zip(shown.texts("note-agent"), shown.texts("note-when")))


def transferred(html):
    """The bytes of a part of an e-mail as it is sent: quoted-printable, of which Gmail shows 102,400."""
    encoding = email.charset.Charset("utf-8")
    encoding.body_encoding = email.charset.QP
    return len(email.mime.text.MIMEText(html, "html", encoding).as_bytes())


# What a letter of a name takes: a byte, nine as quoted-printable (three of UTF-8), twelve, and where it is escaped.
@pytest.mark.parametrize("letter", [None, "x", "漢", "😀", "é", "&", "=", "<"])
def test_the_largest_mail_is_shown_whole_by_gmail(sample, letter):
    """26 client groups, and the longest names there are, of letters of every width."""
    daemon, db = sample
    with renamed(db, letter):
        shown = Preview(daemon, "c0@example.com", "--week", "2026-11-18")
    listed, left_out = len(shown.json["client_groups"]), int(shown.json["more_groups"]["count"])
    assert transferred(shown.html) < 102_400 - 1_000  # which a link to the portal may take: test_portal_mail.py
    # What is cut is summed up; plain names leave room for all client groups.
    assert listed + left_out == 26 and listed >= (10 if letter not in (None, "x") else 26)
    assert len(shown.texts("agent-name")) >= 4


@contextlib.contextmanager
def renamed(db, letter):
    """Every name of 78 of these letters, and a number that tells it apart; none: as they are."""
    tables = {"client_groups": "name", "agents": "full_name", "activities": "name"}
    kept = {
        table: db.execute(f"SELECT jibble_id, {name} FROM timesheet.{table}").fetchall()
        for table, name in tables.items()
    }
    try:
        if letter:
            for table, name in tables.items():
                db.execute(
                    f"UPDATE timesheet.{table} AS t SET {name} = repeat(%s, 76) || n.n FROM (SELECT jibble_id, "
                    f"row_number() OVER (ORDER BY jibble_id) AS n FROM timesheet.{table}) AS n "
                    "WHERE n.jibble_id = t.jibble_id",
                    (letter,),
                )
        yield
    finally:
        for table, name in tables.items():
            db.cursor().executemany(
                f"UPDATE timesheet.{table} SET {name} = %s WHERE jibble_id = %s", [(n, i) for i, n in kept[table]]
            )


def test_the_last_week_is_shown_unless_another_is_asked_for(sample):
    daemon, _ = sample
    default = json.loads(daemon.must("digest", "preview", "--contact", "c1@example.com", "--format", "json").stdout)
    today = datetime.datetime.now(datetime.timezone.utc).date()
    assert default["week"] == str(today - datetime.timedelta(days=today.weekday() + 7))


@pytest.mark.parametrize(
    "options, status, named",
    [
        (("--contact", "nobody@example.com"), 1, 'no contact has the address "nobody@example.com"'),
        ((), 2, "--contact"),
        (("--contact", "c1@example.com", "--week", "soon"), 2, '"soon" is not a date'),
        (("--contact", "c1@example.com", "--format", "pdf"), 2, "pdf"),
    ],
)
def test_what_cannot_be_shown_says_why(sample, options, status, named):
    done = sample[0]("digest", "preview", *options)
    assert done.returncode == status and named in done.stderr and done.stdout == ""


# --- weeks made by hand


def test_a_week_by_hand(stage, daemon):
    stage.feed("Activities", {"id": guid("activity", 1), "name": "Support", "status": "Active"})
    stage.shift(1, 1, 0, "09:00", "17:00", activityId=guid("activity", 1))
    stage.feed("TimeEntries", stage.event(90, 1, 1, "21:00", "In"))  # until midnight: 3 h
    stage.feed(
        "TimeEntries", stage.event(91, 1, 3, "08:00", "In"), stage.event(92, 1, 3, "12:30", "Out", clientType="AutoOut")
    )
    stage.feed("TimeEntries", stage.event(93, 1, 4, "10:00", "Out"))
    stage.shift(5, 1, -7, "09:00", "15:00")
    shown = shown_week(stage, daemon)
    day = lambda n: (
        f"{stage.week + datetime.timedelta(days=n):%a} {(stage.week + datetime.timedelta(days=n)).day} "
        f"{stage.week + datetime.timedelta(days=n):%b}"
    )
    assert shown.texts("total-hours") == ["15.50"] and shown.texts("total-unconfirmed") == ["7.50"]
    assert (
        shown.texts("total-previous") == ["6.00"]
        and shown.texts("total-difference") == ["9.50"]
        and "more than the week before" in shown.text
    )
    assert shown.texts("day-hours") == ["8.00", "3.00", "–", "4.50", "–", "–", "–"]
    assert list(zip(shown.texts("activity-name"), shown.texts("activity-hours"))) == [
        ("Support", "8.00"),
        ("(no activity)", "7.50"),
    ]
    assert list(zip(shown.texts("note-when"), shown.texts("note-text"))) == [
        (f"{day(1)}, 21:00", f"No clock-out. Counted until {day(2)}, 00:00: 3.00 h, unconfirmed."),
        (f"{day(3)}, 08:00", f"Clocked out automatically at {day(3)}, 12:30: 4.50 h counted, unconfirmed."),
        (f"{day(4)}, 10:00", "A clock-out without a clock-in. Nothing was counted for it."),
    ]
    assert shown.texts("note-zone") == ["UTC"] * 3
    assert shown.texts("correction") == []


def test_the_footer_names_the_three_reasons_of_unconfirmed_hours(stage, daemon):
    """By hand, from R10; web/test/days.test.mjs has the same of the dashboard."""
    shown = shown_week(stage, daemon)
    reasons = "still running, no clock-out, or clocked out automatically"
    assert shown.texts("unconfirmed-text") == [reasons]
    assert f"Unconfirmed hours are hours without a confirmed clock-out: {reasons}." in " ".join(shown.text.split())


def test_an_empty_week_is_one_honest_line(stage, daemon):
    shown = shown_week(stage, daemon)
    assert shown.texts("empty") == ["No hours were recorded in this week."] and shown.texts("agent") == []
    assert "No hours were recorded in this week." in shown.text


def test_sunday_and_monday_weeks_share_a_mail(stage, daemon):
    stage.client_group(2)
    stage.agent(2, 2)
    stage.db.execute("UPDATE timesheet.client_groups SET week_starts_on = 7 WHERE name = 'Client 2'")
    stage.contact("ann@example.com", 1, 2)
    for n, (agent, day) in enumerate([(1, -1), (1, 0), (1, 6), (2, -1), (2, 0), (2, 6)]):
        stage.shift(n, agent, day, "10:00", f"{11 + n}:00")
    shown = shown_week(stage, daemon)
    assert [(group["name"], group["hours"]) for group in shown.json["client_groups"]] == [
        ("Client 1", "5.00"),
        ("Client 2", "9.00"),
    ]
    first, last = stage.week - datetime.timedelta(days=1), stage.week + datetime.timedelta(days=5)
    assert (
        shown.json["client_groups"][1]["period"].startswith(f"Sun {first.day}")
        and f"Sat {last.day} {last:%b %Y}" in shown.json["client_groups"][1]["period"]
    )


HOSTILE = [
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    "{{subject}}{{{contact_email}}}",
    'O\'Brien & "Söhne"',
    "Eve\r\nBcc: all@example.com",
    "x" * 300,
    "\u202egnp.exe",
    "<!-- --><style>*{display:none}</style>",
    "${1}`id`",
    "%s %d \\1",
    "مكتب",
]


def test_hostile_names_are_shown_and_do_no_harm(stage, daemon):
    for n, name in enumerate(HOSTILE, 10):
        stage.client_group(n, name)
        stage.agent(n, n, name)
        stage.feed("Activities", {"id": guid("activity", n), "name": name, "status": "Active"})
        stage.shift(n, n, 0, "09:00", "10:00", activityId=guid("activity", n))
        stage.contact("ann@example.com", n)
        shown = shown_week(stage, daemon)
        on_one_line = " ".join(name.replace("\u202e", " ").split())
        on_one_line = on_one_line if len(on_one_line) <= 80 else on_one_line[:79] + "…"
        assert shown.texts("agent-name") == [on_one_line] and shown.texts("activity-name") == [on_one_line]
        assert shown.tags <= {
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "table",
            "tr",
            "td",
            "h1",
            "h2",
            "h3",
            "div",
            "span",
            "b",
            "a",
            "br",
            "p",
            "strong",
        }
        assert (
            shown.html.count("<style>") == 2
            and "\n" not in shown.json["subject"]
            and "\r" not in shown.json["subject"]
            and "\u202e" not in shown.html
        )
        assert [line for line in shown.text.splitlines() if line.startswith("Bcc:")] == []
        assert shown.texts("total-hours") == ["1.00"]
