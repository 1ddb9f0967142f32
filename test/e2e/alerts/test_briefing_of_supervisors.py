"""A supervisor gets the briefing of its own client groups alone, and never what needs a decision."""

import pytest

from airtable_peer import Airtable
from alert_world import ANN, BOB, by_resend, provider, text_of  # noqa: F401
from briefing_world import BLUEFIN, MARIA, NORTHWIND, TOM, original, office  # noqa: F401
from peer_server import Status
from stage import guid

pytestmark = by_resend
SUE, PAT = "sue@agency.example", "pat@agency.example"
FIELD = "Team lead"


@pytest.fixture
def airtable(office):  # noqa: F811
    fields = ["Email", "Jibble Group ID", FIELD]
    with Airtable("pat-hush-hush", "appBase", "Clients", fields=fields, requests_per_second=1000) as peer:
        office.daemon.environment |= {
            "AIRTABLE_TOKEN": "pat-hush-hush",
            "AIRTABLE_BASE_ID": "appBase",
            "AIRTABLE_API_URL": peer.url,
            "AIRTABLE_SUPERVISOR_FIELD": FIELD,
        }
        yield peer


def row(n, email, group, supervisor):
    return f"rec{n}", {"Email": email, "Jibble Group ID": guid("group", group), FIELD: supervisor}


def fetch(office, **environment):
    """Reads the list on a day whose briefing was made."""
    office.db.execute(
        "INSERT INTO timesheet.briefings (day, made_at, is_empty) "
        "SELECT current_date + n, now(), true FROM generate_series(-1, 1) AS n"
    )
    office.daemon.must("contacts", **environment)
    office.db.execute("TRUNCATE timesheet.briefings")
    office.no_digest_is_due()


def supervisors(office):
    return sorted(
        office.db.execute(
            "SELECT s.email, g.name FROM timesheet.supervisors AS s JOIN timesheet.client_groups AS g "
            "USING (client_group_id)"
        ).fetchall()
    )


def two_forgotten(office):
    office.entry(MARIA, 1, "20:00")
    office.entry(TOM, 1, "19:00")


def test_the_field_is_asked_for_and_read_in_each_form(office, airtable):
    airtable.records = [
        row(1, "a@client.example", BLUEFIN, f" {SUE.title()} , {PAT}"),
        row(2, "b@client.example", NORTHWIND, [PAT]),
        row(3, "c@client.example", NORTHWIND, None),
    ]
    fetch(office)
    assert airtable.requests[-1].query["fields[]"] == ["Email", "Jibble Group ID", FIELD]
    assert supervisors(office) == [
        (PAT, "Bluefin & Daughters"),
        (PAT, "Northwind Traders"),
        (SUE, "Bluefin & Daughters"),
    ]
    airtable.records = airtable.records[:1]
    airtable.records.append(row(2, "b@client.example", NORTHWIND, None))
    airtable.records.append(row(3, "c@client.example", NORTHWIND, None))
    fetch(office)
    assert supervisors(office) == [(PAT, "Bluefin & Daughters"), (SUE, "Bluefin & Daughters")]


def test_without_the_variable_nothing_is_asked_for_and_nobody_is_a_supervisor(office, airtable):
    airtable.records = [row(1, "a@client.example", BLUEFIN, SUE)]
    fetch(office)
    fetch(office, AIRTABLE_SUPERVISOR_FIELD=None)
    assert airtable.requests[-1].query["fields[]"] == ["Email", "Jibble Group ID"] and supervisors(office) == []


def test_an_address_that_is_none_is_said_and_harms_no_contact(office, airtable):
    airtable.records = [row(1, "a@client.example", BLUEFIN, f"Sue, {PAT}")]
    fetch(office)
    assert supervisors(office) == [(PAT, "Bluefin & Daughters")]
    ((value, problem),) = office.db.execute("SELECT value, problem FROM timesheet.contact_problems").fetchall()
    assert "sue" in value.lower() and problem
    assert office.db.execute("SELECT email FROM timesheet.contacts").fetchall() == [("a@client.example",)]


def test_each_sees_its_own_groups_and_no_decision(office, airtable):
    airtable.records = [row(1, "a@client.example", BLUEFIN, SUE), row(2, "b@client.example", NORTHWIND, PAT)]
    fetch(office)
    two_forgotten(office)
    office.begins("agent 1", detail="2 entries of Maria Santos are kept until a person decides")
    office.notify()
    ((sues,), (pats,), (anns,)) = (office.briefings(to) for to in (SUE, PAT, ANN))
    assert "Maria Santos" in text_of(sues) and "Bluefin & Daughters" in text_of(sues)
    assert "Tom Cruz" in text_of(pats) and "Northwind Traders" in text_of(pats)
    for mail, others in ((sues, ("Tom", "Northwind", PAT)), (pats, ("Maria", "Bluefin", SUE))):
        everything = str(mail.raw)
        for private in (*others, office.title(), "until a person decides", "hours.example.com", ANN):
            assert private not in everything.replace("hours@example.com", "")
    assert "Maria Santos" in text_of(anns) and "Tom Cruz" in text_of(anns) and "until a person decides" in text_of(anns)


def test_one_with_nothing_in_its_groups_gets_none(office, airtable):
    airtable.records = [row(1, "a@client.example", BLUEFIN, SUE), row(2, "b@client.example", NORTHWIND, PAT)]
    fetch(office)
    office.entry(MARIA, 1, "20:00")
    office.begins("agent 2")
    office.notify()
    assert len(office.briefings(SUE)) == 1 and office.briefings(PAT) == [] and len(office.briefings(ANN)) == 1


def test_one_of_the_office_gets_the_whole_one_alone(office, airtable):
    airtable.records = [row(1, "a@client.example", BLUEFIN, ANN.upper())]
    fetch(office)
    two_forgotten(office)
    office.notify()
    (mail,) = office.briefings(ANN)
    assert "Tom Cruz" in text_of(mail) and "Maria Santos" in text_of(mail)


def test_supervisors_get_theirs_where_nobody_else_is_configured(office, airtable):
    airtable.records = [row(1, "a@client.example", BLUEFIN, SUE)]
    fetch(office)
    two_forgotten(office)
    for _ in range(2):
        office.notify(ALERT_EMAILS=None)
    assert [mail.to for mail in office.provider.peer.mails] == [[SUE]]
    office.begins()
    office.an_hour_passes()
    office.notify(ALERT_EMAILS=None)
    assert len(office.provider.peer.mails) == 1  # alerts are not for them


def test_one_that_is_refused_keeps_the_others_from_nothing(office, airtable):
    airtable.records = [row(1, "a@client.example", BLUEFIN, SUE), row(2, "b@client.example", BLUEFIN, PAT)]
    fetch(office)
    two_forgotten(office)
    office.provider.peer.refused = {SUE: Status(422, {"name": "validation_error", "message": "Invalid `to` field."})}
    office.notify(ALERT_EMAILS=f"{ANN},{BOB}")
    assert [len(office.briefings(to)) for to in (SUE, PAT, ANN, BOB)] == [0, 1, 1, 1]
