"""What a digest says of earlier weeks: what was reported, what it is now, whose hours moved and why.

Expected by hand."""

import datetime
import decimal
import quopri

import pytest

from stage import daemon, guid, sent, shown_week, stage  # noqa: F401 (fixtures among them)

D = decimal.Decimal


def short(day):
    return f"{day.day} {day:%b}"


def at(event, clock):
    """The event at a time that has seconds."""
    return {**event, "time": event["time"].split("T")[0] + f"T{clock}Z"}


def corrections_of(shown):
    return [(c["was"], c["now"], c["reasons"]) for c in shown.json["corrections"]]


def test_another_first_weekday_corrects_nothing(stage, daemon):
    for week in (-21, -14, -7):
        for day in range(7):
            stage.shift(100 + week * 10 + day, 1, week + day, "09:00", f"{10 + day}:00")  # 1 to 7 h
        assert sent(stage, week)["total"]["hours"] == "28.00"
    stage.db.execute("UPDATE timesheet.client_groups SET week_starts_on = 7")
    shown = shown_week(stage, daemon)
    assert shown.json["corrections"] == [] and shown.texts("total-hours") == [
        "7.00"
    ]  # the Sunday, reported before, begins the new week
    # Compared with the days that were reported, and named by them.
    stage.feed("TimeEntries", stage.event(2 * (100 - 140 + 6) + 1, 1, -8, "10:00", "Out"))  # a Sunday: 7 h to 1 h
    shown = shown_week(stage, daemon)
    monday = stage.week - datetime.timedelta(days=14)
    assert corrections_of(shown) == [("28.00", "22.00", "1 entry edited")] and shown.texts("correction-period") == [
        f"week of {short(monday)}"
    ]
    sent(stage, 0)
    stage.week += datetime.timedelta(days=7)
    assert shown_week(stage, daemon).json["corrections"] == []


def test_weeks_that_begin_on_different_days_are_reported_as_they_are(stage, daemon):
    stage.client_group(2)
    stage.agent(2, 2, "Jun Reyes")
    stage.db.execute("UPDATE timesheet.client_groups SET week_starts_on = 7 WHERE name = 'Client 2'")
    stage.contact("ann@example.com", 1, 2)
    stage.shift(1, 1, -1, "09:00", "17:00")  # the last day of the Monday group's week
    stage.shift(2, 2, -8, "09:00", "12:00")  # the first of the Sunday group's
    stage.shift(3, 2, -1, "09:00", "10:00")  # not in its week any more
    assert sent(stage, -7)["total"]["hours"] == "11.00"
    stage.feed("TimeEntries", stage.event(3, 1, -1, "16:00", "Out"), stage.event(7, 2, -1, "10:30", "Out"))
    shown = shown_week(stage, daemon)
    sunday, monday = stage.week - datetime.timedelta(days=8), stage.week - datetime.timedelta(days=7)
    assert corrections_of(shown) == [("11.00", "10.00", "1 entry edited")]
    assert shown.texts("correction-period") == [f"weeks of {short(sunday)} and {short(monday)}"] and shown.texts(
        "correction-agent"
    ) == ["Maria Santos"]
    stage.feed("TimeEntries", stage.event(5, 2, -8, "10:30", "Out"))
    shown = shown_week(stage, daemon)
    assert corrections_of(shown) == [("11.00", "8.50", "2 entries edited")]
    assert list(zip(*(shown.texts(f"correction-{what}") for what in ("agent", "group", "agent-was", "agent-now")))) == [
        ("Maria Santos", "Client 1", "8.00", "7.00"),
        ("Jun Reyes", "Client 2", "3.00", "1.50"),
    ]
    days = [stage.week + datetime.timedelta(days=n) for n in (-1, 5, 0, 6)]
    text = lambda first, last: (
        f"{first:%a} {first.day}{'' if first.month == last.month else f' {first:%b}'} – {last:%a} {last.day} "
        f"{last:%b %Y}"
    )
    assert shown.texts("period") == [f"{text(*days[:2])} or {text(*days[2:])}"]
    assert f"in the weeks of {short(days[0])} and {short(days[2])} {days[2]:%Y}" in shown.json["subject"]


def test_reasons_count_no_entry_of_another_client(stage, daemon):
    stage.client_group(2)
    stage.shift(1, 1, -7, "09:00", "12:00")
    stage.db.execute(
        """SELECT timesheet.assign_client_group(1,
             (SELECT client_group_id FROM timesheet.client_groups WHERE name = 'Client 2'), %s)""",
        (stage.week - datetime.timedelta(days=6),),
    )
    stage.shift(5, 1, -6, "09:00", "12:00")
    stage.shift(6, 1, -5, "09:00", "12:00")
    assert sent(stage, -7)["total"]["hours"] == "3.00"
    stage.feed(
        "TimeEntries",
        stage.event(3, 1, -7, "11:00", "Out"),
        stage.event(11, 1, -6, "11:00", "Out"),
        stage.event(13, 1, -5, "11:00", "Out"),
    )
    assert corrections_of(shown_week(stage, daemon)) == [("3.00", "2.00", "1 entry edited")]


def test_entries_that_move_in_or_out_are_said_to_move(stage, daemon):
    stage.shift(1, 1, -7, "09:00", "12:00")
    stage.shift(2, 1, 0, "09:00", "10:00")
    sent(stage, -7)
    stage.feed(
        "TimeEntries",
        stage.event(2, 1, 1, "09:00", "In"),
        stage.event(3, 1, 1, "12:00", "Out"),
        stage.event(4, 1, -6, "09:00", "In"),
        stage.event(5, 1, -6, "10:00", "Out"),
    )
    assert corrections_of(shown_week(stage, daemon)) == [
        ("3.00", "1.00", "2 entries moved here, 2 entries moved elsewhere")
    ]


def test_whose_hours_did_not_move_is_not_named(stage, daemon):
    """28820 s and 28800 s are 8.01 and 8.00 h; when the second becomes 32430 s, the hundredth goes to it:
    8.00 and 9.01."""
    stage.agent(2, 1, "Zed")
    stage.feed(
        "TimeEntries", stage.event(1, 1, -7, "09:00", "In"), at(stage.event(2, 1, -7, "17:00", "Out"), "17:00:20")
    )
    stage.shift(5, 2, -7, "09:00", "17:00")
    assert sent(stage, -7)["total"]["hours"] == "16.01"
    stage.feed("TimeEntries", at(stage.event(11, 2, -7, "18:00", "Out"), "18:00:30"))
    shown = shown_week(stage, daemon)
    assert (shown.texts("correction-was"), shown.texts("correction-now"), shown.texts("correction-rounding")) == (
        ["16.01"],
        ["17.01"],
        ["-0.01"],
    )
    assert (
        shown.texts("correction-agent"),
        shown.texts("correction-agent-was"),
        shown.texts("correction-agent-now"),
    ) == (["Zed"], ["8.00"], ["9.01"])
    (seconds,) = stage.db.execute("SELECT sum(work_seconds) FROM timesheet.daily_report").fetchone()
    assert D("17.01") == (D(int(seconds)) / 3600).quantize(D("0.01"), decimal.ROUND_HALF_UP)
    assert "16.01\t17.01\tTotal\n8.00\t9.01\tZed\n\t-0.01\tRounding of others' hours\n" in shown.text


def test_many_small_changes_are_a_correction(stage, daemon):
    """Five times 35 s: each below a hundredth of an hour, together 0.05 h."""
    for n in range(2, 6):
        stage.agent(n, 1)
    for n in range(1, 6):
        stage.shift(n, n, -7, "09:00", "17:00")
    sent(stage, -7)
    stage.feed("TimeEntries", *(at(stage.event(2 * n + 1, n, -7, "17:00", "Out"), "17:00:35") for n in range(1, 6)))
    shown = shown_week(stage, daemon)
    assert (
        corrections_of(shown) == [("40.00", "40.05", "5 entries edited")]
        and shown.texts("correction-agent-now") == ["8.01"] * 5
    )


def test_hours_that_moved_to_another_day_name_the_agent(stage, daemon):
    stage.shift(1, 1, -7, "09:00", "12:00")
    sent(stage, -7)
    stage.feed("TimeEntries", stage.event(2, 1, -6, "09:00", "In"), stage.event(3, 1, -6, "12:00", "Out"))
    shown = shown_week(stage, daemon)
    assert corrections_of(shown) == [("3.00", "3.00", "2 entries edited")] and shown.texts("correction-agent") == [
        "Maria Santos"
    ]
    assert "3.00\t3.00\tMaria Santos (on other days)" in shown.text


def test_a_week_without_hours_is_compared_with(stage, daemon):
    stage.shift(1, 1, 0, "09:00", "17:00")
    assert "There is no earlier week to compare with." in shown_week(stage, daemon).text
    stage.shift(9, 1, -14, "09:00", "12:00")
    shown = shown_week(stage, daemon)
    assert "8.00 h more than the week before (0.00 h)" in shown.text and shown.texts("total-previous") == ["0.00"]
    assert shown.json["preheader"] == "8.00 h, 8.00 h more than the week before."


def test_what_never_left_is_not_revised(stage):
    def again(state):
        stage.db.execute("UPDATE timesheet.digest_deliveries SET state = %s WHERE state = 'queued'", (state,))
        delivery = stage.db.execute("SELECT timesheet.resend_digest('ann@example.com', %s)", (stage.week,)).fetchone()
        return stage.db.execute(
            "SELECT content ->> 'is_revised', content ->> 'subject' LIKE '%% (revised)' "
            "FROM timesheet.digest_deliveries WHERE delivery_id = %s",
            delivery,
        ).fetchone()

    stage.db.execute("SELECT timesheet.queue_digests(%s)", (stage.week,))
    assert again("failed") == ("false", False)
    assert again("sent") == ("true", True)
    assert again("failed") == ("true", True)


def test_sessions_without_an_end_are_never_cut_by_other_notes(stage, daemon):
    stage.feed(
        "TimeEntries",
        *(stage.event(100 + n, 1, 0, f"09:{n:02}", "Out") for n in range(30)),
        *(stage.event(200 + n, 1, n, f"{hour}:00", "In") for n, hour in enumerate([20, 20, 20], 1)),
    )
    shown = shown_week(stage, daemon)
    assert [note["code"] for note in shown.json["notes"]] == ["missing_clock_out"] * 3 + [
        "clock_out_without_clock_in"
    ] * 22
    assert (shown.texts("more-notes-agent"), shown.texts("more-notes-of")) == (["Maria Santos"], ["8 other notes"])


@pytest.mark.parametrize("mark", ["'", '"', "&", "🂡", "x"])
def test_a_mail_of_a_hundred_client_groups_is_shown_whole_and_adds_up(stage, daemon, mark):
    """The longest names of what takes most bytes, with activities, notes and six corrections."""

    def name(n):
        return f"{n:03}" + mark * 77

    groups, agents = range(1, 101), range(1, 201)
    stage.feed("Groups", *({"id": guid("group", n), "name": name(n), "status": "Active"} for n in groups))
    stage.feed("Activities", *({"id": guid("activity", n), "name": name(n), "status": "Active"} for n in range(30)))
    stage.feed(
        "People",
        *(
            {
                "id": guid("agent", n),
                "fullName": name(n),
                "status": "Joined",
                "groupId": guid("group", 1 + n % 100),
                "ICultureSettings/TimeZone": "UTC",
            }
            for n in agents
        ),
    )
    stage.contact("ann@example.com", *groups)
    for week in range(-6, 0):
        stage.feed(
            "TimeEntries",
            *(
                stage.event(1000 * (7 + week) + 2 * n + k, n, 7 * week, clock, kind)
                for n in range(1, 13)
                for k, (clock, kind) in enumerate([("09:00", "In"), ("17:00", "Out")])
            ),
        )
        sent(stage, 7 * week)
    stage.feed(
        "TimeEntries",
        *(
            stage.event(1000 * (7 + week) + 2 * n + 1, n, 7 * week, "16:00", "Out")
            for week in range(-6, 0)
            for n in range(1, 13)
        ),
    )
    stage.feed(
        "TimeEntries",
        *(
            stage.event(10000 + n, n, n % 5, f"10:{n % 60:02}", "In", activityId=guid("activity", n % 30))
            for n in agents
        ),
    )
    shown = shown_week(stage, daemon)
    size = len(quopri.encodestring(shown.html.encode()))  # as it is sent, which is what Gmail counts
    assert 60_000 < size < 102_400
    total, unconfirmed = D(shown.texts("total-hours")[0]), D(shown.texts("total-unconfirmed")[0])

    def summed(*names):
        return sum(D(t) for name in names for t in shown.texts(name))

    assert total == unconfirmed == sum(D(14) - D(n % 60) / 60 for n in agents).quantize(D("0.01"))
    assert (
        total
        == summed("group-hours", "more-groups-hours")
        == summed("agent-hours", "more-agents-hours", "more-groups-hours")
        == summed("activity-hours", "more-activities-hours")
    )
    assert (
        unconfirmed
        == summed("group-unconfirmed", "more-groups-unconfirmed")
        == summed("agent-unconfirmed", "more-agents-unconfirmed", "more-groups-unconfirmed")
    )
    assert sum(int(t) for t in shown.texts("activity-share") + shown.texts("more-activities-share")) == 100
    listed = len(shown.texts("group-name"))
    assert listed >= 4 and int(shown.texts("more-groups-count")[0]) == 100 - listed
    least = 8 if mark == "🂡" else 10  # of its names, each letter takes twelve bytes as sent
    assert len(shown.texts("note")) + int(shown.json["more_notes"]) == 200 and len(shown.texts("note")) >= least
    counted = [int(text.split()[0]) for text in shown.texts("more-notes-of")] + [
        int(t) for t in shown.texts("more-notes-others")
    ]
    assert sum(counted) == int(shown.json["more_notes"])
    assert f"Of other agents: {shown.json['other_notes']}\n\nCorrections to weeks already sent" in shown.text
    assert len(shown.json["corrections"]) == 6
    for c in shown.json["corrections"]:
        assert (c["was"], c["now"], c["reasons"]) == ("96.00", "84.00", "12 entries edited") and len(c["agents"]) >= 1
        for one in ("was", "now"):
            assert D(c[one]) == sum(D(a[one]) for a in c["agents"]) + D(c["more_agents"][one])
