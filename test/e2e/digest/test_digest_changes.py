"""What changed after a digest was sent: the next one says so, once, and a mail that was sent stays as it was."""

import datetime
import decimal

from stage import daemon, sent, shown_week, stage  # noqa: F401 (fixtures among them)


D = decimal.Decimal


def test_an_edit_after_the_mail_changes_the_next_mail_not_the_last(stage, daemon):
    stage.agent(2, 1, "Jun Reyes")
    stage.shift(1, 1, -7, "09:00", "17:00")
    stage.shift(2, 1, -6, "09:00", "17:30")
    stage.shift(3, 2, -7, "09:00", "12:00")
    assert sent(stage, -7)["total"]["hours"] == "19.50"
    # One entry removed, one edited, one pair added.
    stage.feed(
        "TimeEntries",
        {**stage.event(2, 1, -7, "09:00", "In"), "status": "Archived"},
        stage.event(5, 1, -6, "16:30", "Out"),
    )
    stage.shift(7, 1, -5, "09:00", "09:30")
    shown = shown_week(stage, daemon)
    assert (
        shown.texts("correction-was") == ["19.50"]
        and shown.texts("correction-now") == ["11.00"]
        and shown.texts("correction-difference") == ["8.50"]
    )
    assert shown.texts("correction-reasons") == ["2 entries added, 1 entry removed, 1 entry edited"]
    assert (
        shown.texts("correction-agent"),
        shown.texts("correction-agent-was"),
        shown.texts("correction-agent-now"),
    ) == (["Maria Santos"], ["16.50"], ["8.00"])
    monday = stage.week - datetime.timedelta(days=7)
    assert shown.texts("correction-period") == [f"Week of {monday.day} {monday:%b}"] or shown.texts(
        "correction-period"
    ) == [f"week of {monday.day} {monday:%b}"]
    # What was sent stays as it was, and what was reported once is not reported again.
    assert stage.db.execute("SELECT content #>> '{total,hours}' FROM timesheet.digest_deliveries").fetchone() == (
        "19.50",
    )
    assert sent(stage)["has_corrections"] is True
    stage.week += datetime.timedelta(days=7)
    assert shown_week(stage, daemon).json["corrections"] == []


def test_a_correction_continues_from_what_was_reported_last(stage, daemon):
    stage.shift(1, 1, -14, "09:00", "17:00")
    sent(stage, -14)
    stage.feed("TimeEntries", stage.event(3, 1, -14, "16:00", "Out"))
    assert sent(stage, -7)["corrections"][0]["now"] == "7.00"
    stage.feed("TimeEntries", stage.event(3, 1, -14, "15:00", "Out"))
    shown = shown_week(stage, daemon)
    assert (shown.texts("correction-was"), shown.texts("correction-now")) == (["7.00"], ["6.00"])


def test_what_was_never_sent_is_not_corrected(stage, daemon):
    stage.shift(1, 1, -7, "09:00", "17:00")
    sent(stage, -7)
    stage.db.execute("UPDATE timesheet.digest_deliveries SET state = 'failed'")
    stage.feed("TimeEntries", stage.event(3, 1, -7, "16:00", "Out"))
    assert shown_week(stage, daemon).json["corrections"] == []


def test_a_change_below_a_hundredth_of_an_hour_is_no_correction(stage, daemon):
    stage.shift(1, 1, -7, "09:00", "17:00")
    sent(stage, -7)
    edited = stage.event(3, 1, -7, "17:00", "Out")
    stage.feed("TimeEntries", {**edited, "time": edited["time"].replace("17:00:00Z", "17:00:20Z")})
    assert shown_week(stage, daemon).json["corrections"] == []


def test_hours_of_a_client_group_that_came_later_are_no_correction(stage, daemon):
    stage.shift(1, 1, -7, "09:00", "17:00")
    sent(stage, -7)
    stage.client_group(2)
    stage.agent(2, 2)
    stage.shift(2, 2, -7, "09:00", "17:00")
    stage.contact("ann@example.com", 1, 2)
    assert shown_week(stage, daemon).json["corrections"] == []


def test_a_rule_that_changes_hours_is_reported_too(stage, daemon):
    stage.feed("TimeEntries", stage.event(90, 1, -6, "21:00", "In"))
    assert sent(stage, -7)["total"]["hours"] == "3.00"
    stage.db.execute("UPDATE timesheet.settings SET missing_clock_out = 'zero'")
    shown = shown_week(stage, daemon)
    assert (shown.texts("correction-was"), shown.texts("correction-now")) == (["3.00"], ["0.00"])
    assert shown.texts("correction-reasons") == ["entries were moved, or a rule or an assignment was changed"]


def test_more_corrected_weeks_than_a_mail_holds_go_on_in_the_next(stage, daemon):
    for week in range(-8, 0):
        stage.shift(20 + week, 1, 7 * week, "09:00", "17:00")
        sent(stage, 7 * week)
    stage.feed("TimeEntries", *(stage.event(2 * (20 + week) + 1, 1, 7 * week, "16:00", "Out") for week in range(-8, 0)))
    first = sent(stage)
    assert (len(first["corrections"]), first["more_corrections"], first["preheader"].split()[-5:]) == (
        6,
        "2",
        ["8", "corrections", "to", "earlier", "weeks."],
    )
    stage.week += datetime.timedelta(days=7)
    second = shown_week(stage, daemon).json
    assert [(c["was"], c["now"]) for c in second["corrections"]] == [("8.00", "7.00")] * 2 and second[
        "has_more_corrections"
    ] is False


def test_more_notes_than_a_mail_holds_are_counted(stage, daemon):
    stage.feed("TimeEntries", *(stage.event(100 + n, 1, 0, f"09:{n:02}", "Out") for n in range(30)))
    shown = shown_week(stage, daemon)
    assert (
        len(shown.texts("note")) == 25 and shown.texts("more-notes") == ["5"] and "30 notes" in shown.json["preheader"]
    )


def test_sent_again_it_is_a_revision_with_the_numbers_of_now(stage, daemon):
    stage.shift(1, 1, 0, "09:00", "17:00")
    sent(stage)
    stage.feed("TimeEntries", stage.event(3, 1, 0, "16:00", "Out"))
    stage.db.execute(
        "SELECT timesheet.resend_digest('ann@example.com', %s)", (stage.week + datetime.timedelta(days=6),)
    )
    subject, hours, corrections = stage.db.execute(
        "SELECT content ->> 'subject', hours, content -> 'corrections' FROM timesheet.digest_deliveries "
        "JOIN timesheet.digests USING (delivery_id) WHERE digests.revision = 2"
    ).fetchone()
    assert subject.endswith("(revised)") and hours == D("7.00") and corrections == []
