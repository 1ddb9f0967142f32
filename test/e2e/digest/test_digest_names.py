"""Names in a digest: what has one name is kept apart, what looks the same is one line, and nothing is nameless."""

import pytest

from stage import daemon, guid, sent, shown_week, stage  # noqa: F401 (fixtures among them)


def person(n, name, code=None, email=None, group=1):
    return {
        "id": guid("agent", n),
        "fullName": name,
        "code": code,
        "email": email,
        "status": "Joined",
        "groupId": guid("group", group),
        "ICultureSettings/TimeZone": "UTC",
    }


@pytest.mark.parametrize(
    "first, second, shown",
    [
        (("17", "m1@example.com"), ("44", "m2@example.com"), ("Maria Santos (17)", "Maria Santos (44)")),
        (("17", None), (None, "m2@example.com"), ("Maria Santos (17)", "Maria Santos (m2@example.com)")),
        ((" ", "m1@example.com"), ("\u200b", "m2@example.com"), ("Maria Santos (m1@example.com)", None)),
        (("17", "m@example.com"), ("17 ", "m@example.com"), (None, None)),
    ],
    ids=["codes", "a code and an address", "addresses, as the codes are blank", "numbers, as all is the same"],
)
def test_two_people_of_one_name_are_told_apart_wherever_the_e_mail_names_them(stage, daemon, first, second, shown):
    """6 h and 8 h, a note of each, and a correction of each to the week before."""
    stage.feed("People", person(1, "Maria Santos", *first), person(2, " Maria\u00a0Santos\u200b", *second))
    stage.shift(1, 1, -7, "09:00", "10:00")
    assert sent(stage, -7)["total"]["hours"] == "1.00"
    stage.shift(2, 1, -6, "09:00", "12:00")
    stage.shift(3, 2, -5, "09:00", "11:00")
    stage.shift(4, 1, 0, "09:00", "15:00")
    stage.shift(5, 2, 0, "09:00", "17:00")
    stage.feed("TimeEntries", stage.event(21, 1, 1, "23:00", "In"), stage.event(22, 2, 1, "22:00", "In"))
    ids = dict(stage.db.execute("SELECT jibble_id::text, agent_id FROM timesheet.agents").fetchall())
    default = ("Maria Santos (m1@example.com)", "Maria Santos (m2@example.com)")
    names = [
        name or (f"Maria Santos (no. {ids[guid('agent', n)]})" if shown == (None, None) else default[n - 1])
        for n, name in enumerate(shown, 1)
    ]
    said = shown_week(stage, daemon)
    # The clock-outs that are missing add an hour and two until midnight.
    hours = {a["name"]: a["hours"] for g in said.json["client_groups"] for a in g["agents"]}
    assert hours == {names[0]: "7.00", names[1]: "10.00"}
    assert [note["agent"] for note in said.json["notes"]] == [names[1], names[0]]
    (correction,) = said.json["corrections"]
    assert {a["name"]: (a["was"], a["now"]) for a in correction["agents"]} == {
        names[0]: ("1.00", "4.00"),
        names[1]: ("0.00", "2.00"),
    }
    for name in names:
        # Its hours, its note and its correction.
        assert said.text.count(name) == 3 and sum(name in text for _, text in said.found) >= 3


def test_a_person_whose_namesake_the_e_mail_does_not_show_has_the_plain_name(stage, daemon):
    stage.client_group(2)
    stage.feed("People", person(1, "Maria Santos", "17"), person(2, "Maria Santos", "44", group=2))
    stage.shift(1, 1, 0, "09:00", "15:00")
    stage.shift(2, 2, 0, "09:00", "17:00")
    said = shown_week(stage, daemon)
    assert "Maria Santos" in said.text and "(17)" not in said.html and "(44)" not in said.html


def test_client_groups_of_one_name_are_told_apart(stage, daemon):
    stage.feed(
        "Groups",
        {"id": guid("group", 1), "name": "Bolt", "code": "North", "status": "Active"},
        {"id": guid("group", 2), "name": "Bolt\u3000", "code": None, "status": "Active"},
    )
    stage.agent(2, 2)
    stage.contact("ann@example.com", 1, 2)
    stage.shift(1, 1, 0, "09:00", "15:00")
    stage.shift(2, 2, 0, "09:00", "17:00")
    stage.feed("TimeEntries", stage.event(21, 2, 1, "22:00", "In"))
    (number,) = stage.db.execute(
        "SELECT client_group_id FROM timesheet.client_groups WHERE jibble_id = %s", (guid("group", 2),)
    ).fetchone()
    other = f"Bolt (no. {number})"
    said = shown_week(stage, daemon)
    assert said.json["subject"].startswith(f"Bolt (North) and {other}: 16.00 h in the week of ")
    assert [(g["name"], g["hours"]) for g in said.json["client_groups"]] == [("Bolt (North)", "6.00"), (other, "10.00")]
    assert [note["client_group"] for note in said.json["notes"]] == [other]
    assert other in said.text and any(other in text for _, text in said.found)


def test_activities_that_look_the_same_are_one_line(stage, daemon):
    """1 h, 2 h and 3 h of what is spelled in three ways; letter case is another activity."""
    for n, name in enumerate(["Caf\u00e9", "Cafe\u0301 ", "\u202fCaf\u00e9\u2060", "CAF\u00c9"], 1):
        stage.feed("Activities", {"id": guid("activity", n), "name": name, "status": "Active"})
        stage.shift(n, 1, n, "09:00", f"{9 + n:02}:00", activityId=guid("activity", n))
    said = shown_week(stage, daemon)
    assert [(a["name"], a["hours"], a["share"]) for a in said.json["activities"]] == [
        ("Caf\u00e9", "6.00", "60"),
        ("CAF\u00c9", "4.00", "40"),
    ]
    assert said.text.count("Caf\u00e9") == 1 and said.html.count("Caf\u00e9") == 1


@pytest.mark.parametrize("name", ["", "   ", "\u00a0\u2009", "\u200b\ufeff", "\u3164"], ids=ascii)
def test_what_has_no_name_to_read_is_called_unnamed(stage, daemon, name):
    stage.feed("Groups", {"id": guid("group", 1), "name": name, "status": "Active"})
    stage.feed("People", person(1, name))
    stage.feed("Activities", {"id": guid("activity", 1), "name": name, "status": "Active"})
    stage.shift(1, 1, 0, "09:00", "17:00", activityId=guid("activity", 1))
    said = shown_week(stage, daemon)
    assert said.json["subject"].startswith("(unnamed client group): 8.00 h in the week of ")
    for shown in ("(unnamed client group)", "(unnamed agent)", "(unnamed activity)"):
        assert shown in said.text and any(shown in text for _, text in said.found)


def test_two_people_without_a_name_have_numbers(stage, daemon):
    stage.feed("People", person(1, " "), person(2, None))
    stage.shift(1, 1, 0, "09:00", "15:00")
    stage.shift(2, 2, 0, "09:00", "17:00")
    ids = [n for n, in stage.db.execute("SELECT agent_id FROM timesheet.agents ORDER BY agent_id")]
    (group,) = shown_week(stage, daemon).json["client_groups"]
    assert [(a["name"], a["hours"]) for a in group["agents"]] == [
        (f"(unnamed agent) (no. {ids[1]})", "8.00"),
        (f"(unnamed agent) (no. {ids[0]})", "6.00"),
    ]
