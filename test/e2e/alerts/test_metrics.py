"""timesheetd metrics and the view timesheet.metrics: what is right and wrong in numbers, without a name of anybody."""

import psycopg
import pytest

from conftest import Daemon
from logins import login  # noqa: F401 (a fixture)
from openmetrics import parse
from stage import Stage, guid

KINDS = [
    "stale_feed",
    "failing_runs",
    "deletions_held",
    "audit_differs",
    "digest_overdue",
    "digest_failed",
    "digest_in_doubt",
    "entries_rejected",
    "contact_problems",
    "sender_refused",
    "poller_unreachable",
    "notification_failed",
]
HOSTILE = 'Jo"in\\ed\n{x="1"} 5'


@pytest.fixture(scope="module")
def uri(migrated_database):
    """Two agents at one client, of whom one has a status that nobody would expect, and a contact without a group."""
    uri = migrated_database()
    stage = Stage(uri)
    stage.client_group(1, "Bluefin & Daughters")
    stage.agent(1, 1, "Maria Santos")
    stage.feed(
        "People", {"id": guid("agent", 2), "fullName": "Tom Cruz", "status": HOSTILE, "groupId": guid("group", 1)}
    )
    stage.contact("cleo@client.example", 1)
    stage.db.execute("UPDATE timesheet.contacts SET subscribed_since = now() + interval '8 days'")
    stage.close()
    return uri


@pytest.fixture
def db(uri):
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("TRUNCATE timesheet.alerts CASCADE")
        yield connection


def metrics(uri):
    """By the program, which needs nothing but the database."""
    return parse(Daemon(uri).must("metrics").stdout)


def test_they_are_openmetrics_text_with_a_type_and_a_help_for_each(uri, db):
    found = metrics(uri)
    for name, family in found.items():
        assert name.startswith("timesheet"), name
        assert family.help and family.kind in ("gauge", "info", "counter"), name


def test_a_new_database_has_some_too(new_database):
    uri = new_database()
    Daemon(uri).must("migrate")
    found = metrics(uri)
    assert "timesheet_feed_age_seconds" not in found  # nothing was read yet
    assert found["timesheet_feed_stale"].value() == 0


def test_the_feed_is_as_feed_health_says(uri, db):
    found = metrics(uri)
    assert found["timesheet_feed_stale"].value() == 0
    assert 0 <= found["timesheet_feed_age_seconds"].value() < 600
    for name in ("failed_runs", "backlog", "rejected", "silent_agents", "deletions_held", "days_to_refresh"):
        assert f"timesheet_{name}" in found, name
    assert found["timesheet_rejected"].value() == 0 and found["timesheet_backlog"].value() == 0
    (seconds,) = db.execute("SELECT extract(epoch FROM last_success_at)::float8 FROM timesheet.feed_health").fetchone()
    assert abs(found["timesheet_last_success_timestamp_seconds"].value() - seconds) < 1
    db.execute("UPDATE timesheet.settings SET stale_after = '1 microsecond'")
    try:
        assert metrics(uri)["timesheet_feed_stale"].value() == 1
    finally:
        db.execute("UPDATE timesheet.settings SET stale_after = '1 hour'")


def test_open_alerts_are_counted_by_kind_and_every_kind_is_there(uri, db):
    assert metrics(uri)["timesheet_alerts_open"].samples == {(("kind", kind),): 0.0 for kind in KINDS}
    for subject in ("agent 1", "agent 2", "agent 3"):
        db.execute("SELECT timesheet.raise_alert('deletions_held', %s, 'of Maria Santos')", (subject,))
    db.execute("SELECT timesheet.resolve_alert('deletions_held', 'agent 3')")
    assert metrics(uri)["timesheet_alerts_open"].value(kind="deletions_held") == 2


def test_agents_are_counted_by_status_whatever_it_is(uri, db):
    found = metrics(uri)["timesheet_agents"]
    assert found.value(status="Joined") == 1 and sum(found.samples.values()) == 2
    (kept,) = db.execute("SELECT status FROM timesheet.agents WHERE full_name = 'Tom Cruz'").fetchone()
    assert found.value(status=kept) == 1


def test_emails_are_counted_by_kind_and_state(uri, db):
    db.execute(
        "INSERT INTO timesheet.outbox_messages (kind, alert_kind, recipient, subject, content, state) VALUES "
        "('alert', 'stale_feed', 'ann@example.com', 'Problem', '{}', 'sent'), "
        "('briefing', NULL, 'ann@example.com', 'Briefing', '{}', 'queued')"
    )
    try:
        found = metrics(uri)["timesheet_emails"]
        assert found.value(kind="alert", state="sent") == 1 and found.value(kind="briefing", state="queued") == 1
    finally:
        db.execute("DELETE FROM timesheet.outbox_messages")


def test_no_name_of_a_person_or_a_client_is_in_them(uri, db):
    db.execute("SELECT timesheet.raise_alert('deletions_held', 'agent 1', 'of Maria Santos')")
    text = Daemon(uri).must("metrics").stdout
    for private in ("Maria", "Santos", "Tom", "Cruz", "Bluefin", "client.example"):
        assert private not in text


def test_the_text_is_the_view(uri, db):
    rows = db.execute("SELECT name, coalesce(labels, '{}'), value FROM timesheet.metrics").fetchall()
    by_text = {
        (name + ("_info" if family.kind == "info" else ""), labels)
        for name, family in metrics(uri).items()
        for labels in family.samples
    }
    assert len(rows) == len(by_text)
    assert {(name, tuple(sorted(labels.items()))) for name, labels, _ in rows} == by_text
    assert all(isinstance(value, float) for *_, value in rows)


@pytest.mark.parametrize("role", ["timesheet_reader", "timesheet_ingest"])
def test_both_roles_may_read_them(uri, login, role):  # noqa: F811
    _, as_role = login(uri, role)
    with psycopg.connect(as_role, autocommit=True) as connection:
        assert connection.execute("SELECT FROM timesheet.metrics").rowcount > 20
        parse(connection.execute("SELECT timesheet.openmetrics()").fetchone()[0])


def test_nobody_else_may(uri, login):  # noqa: F811
    for role in ("timesheet_client", "timesheet_portal"):
        _, as_role = login(uri, role)
        with psycopg.connect(as_role, autocommit=True) as connection:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("SELECT timesheet.openmetrics()")


@pytest.mark.parametrize(
    "text",
    [
        "timesheet_a 1\n# EOF\n",
        "# TYPE timesheet_a gauge\ntimesheet_a 1\n",
        "# TYPE timesheet_a gauge\ntimesheet_a 1\n\n# EOF\n",
        "# TYPE timesheet_a gauge\ntimesheet_a NULL\n# EOF\n",
        "# TYPE timesheet_a gauge\ntimesheet_a 1\ntimesheet_a 2\n# EOF\n",
        '# TYPE timesheet_a gauge\ntimesheet_a{x="a"b"} 1\n# EOF\n',
        "# TYPE timesheet_a counter\ntimesheet_a 1\n# EOF\n",
        "# TYPE timesheet_a gauge\n# UNIT timesheet_a seconds\ntimesheet_a 1\n# EOF\n",
        "# TYPE timesheet_a gauge\ntimesheet_a 1\n# TYPE timesheet_b gauge\ntimesheet_b 1\n# TYPE timesheet_a gauge\n"
        "timesheet_a 3\n# EOF\n",
    ],
)
def test_the_reader_of_these_tests_refuses_what_is_none(text):
    with pytest.raises(AssertionError):
        parse(text)
