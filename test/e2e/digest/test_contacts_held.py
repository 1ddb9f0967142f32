"""A list of contacts that lost more than half is held back: nobody is removed,
and who is missing gets no digest until that is settled."""

import threading

import psycopg
import pytest

from airtable_peer import Airtable
from conftest import Daemon
from stage import Stage, guid
from mail_peers import Resend

TOKEN, KEY = "pat-hush-hush", "re-hush-hush"
OPTION = "--allow-mass-deletion"


@pytest.fixture(scope="module")
def uri(migrated_database):
    """A week of one agent of each of two client groups."""
    uri = migrated_database()
    stage = Stage(uri)
    for n in (1, 2):
        stage.client_group(n)
        stage.agent(n, n)
        stage.shift(n, n, 0, "09:00", "17:30")
    stage.close()
    return uri


@pytest.fixture
def stage(uri):
    it = Stage(uri)
    it.db.execute("TRUNCATE timesheet.contacts, timesheet.contact_problems, timesheet.alerts CASCADE")
    yield it
    it.close()


@pytest.fixture
def airtable():
    with Airtable(TOKEN, "appBase", "Clients", fields=["Email", "Jibble Group ID"], requests_per_second=1000) as peer:
        yield peer


@pytest.fixture
def mail():
    with Resend(KEY, requests_per_second=1000) as peer:
        yield peer


@pytest.fixture
def daemon(uri, airtable, mail):
    it = Daemon(uri)
    it.environment |= {
        "AIRTABLE_TOKEN": TOKEN,
        "AIRTABLE_BASE_ID": "appBase",
        "AIRTABLE_API_URL": airtable.url,
        "MAIL_PROVIDER": "resend",
        "MAIL_FROM": "hours@example.com",
        "RESEND_API_KEY": KEY,
        "RESEND_API_URL": mail.url,
    }
    return it


def listed(*names, group=1):
    return [(f"rec{name}", {"Email": f"{name}@example.com", "Jibble Group ID": guid("group", group)}) for name in names]


def store(db, *names, allow=False, group=1):
    """One pass by the function alone: (contacts, added, removed, problems, held)."""
    records = [{"id": i, "fields": fields} for i, fields in listed(*names, group=group)]
    return db.execute(
        "SELECT * FROM timesheet.store_contacts(%s, 'Email', 'Jibble Group ID', %s)",
        (psycopg.types.json.Json(records), allow),
    ).fetchone()


def held(db):
    return sorted(
        name.split("@")[0]
        for name, in db.execute("SELECT email FROM timesheet.contacts WHERE missing_since IS NOT NULL")
    )


def live(db):
    return sorted(
        name.split("@")[0] for name, in db.execute("SELECT email FROM timesheet.contacts WHERE removed_at IS NULL")
    )


def alerts(db):
    return db.execute("SELECT kind, resolved_at IS NULL FROM timesheet.alerts ORDER BY alert_id").fetchall()


@pytest.mark.parametrize(
    "before, after, is_held",
    [
        ("ab", "a", False),
        ("abcd", "ab", False),
        ("abc", "ab", False),
        ("a", "", True),
        ("a", "b", True),
        ("abc", "a", True),
        ("abcde", "ab", True),
        ("abc", "", True),
        ("abc", "xyz", True),
        ("abcd", "abxyz", False),
        ("", "", False),
        ("", "ab", False),
    ],
)
def test_more_than_half_is_counted_of_who_was_there(stage, before, after, is_held):
    store(stage.db, *before)
    result = store(stage.db, *after)
    gone, new = set(before) - set(after), set(after) - set(before)
    assert held(stage.db) == (sorted(gone) if is_held else [])
    assert live(stage.db) == sorted(set(after) | (gone if is_held else set()))
    assert result == (len(live(stage.db)), len(new), 0 if is_held else len(gone), 0, len(gone) if is_held else 0)


def test_the_daemon_warns_records_it_and_ends_well(stage, daemon, airtable):
    airtable.records = listed(*"abcde")
    daemon.must("contacts")
    airtable.records = listed("a", "b")
    for _ in range(3):
        done = daemon.must("contacts")
        (warning,) = [line for line in done.stderr.splitlines() if "warning" in line]
        assert (
            "no longer lists 3 of 5 contacts" in warning
            and f"timesheetd contacts {OPTION}" in warning
            and "AIRTABLE_TABLE" in warning
        )
        assert held(stage.db) == list("cde") and live(stage.db) == list("abcde")
        assert stage.db.execute("SELECT contacts_held FROM timesheet.digest_health").fetchone() == (3,)
        assert alerts(stage.db) == [("deletions_held", True)]
    (detail,) = stage.db.execute("SELECT detail FROM timesheet.alerts").fetchone()
    assert "3 of 5" in detail and OPTION in detail

    daemon.must("contacts", OPTION)
    assert live(stage.db) == ["a", "b"] and held(stage.db) == [] and alerts(stage.db) == [("deletions_held", False)]


def test_it_is_resolved_when_the_list_shows_them_again(stage):
    store(stage.db, *"abc")
    subscribed = stage.db.execute("SELECT email, subscribed_since FROM timesheet.contacts ORDER BY 1").fetchall()
    store(stage.db, "a")
    assert store(stage.db, *"abc") == (3, 0, 0, 0, 0)
    assert held(stage.db) == [] and alerts(stage.db) == [("deletions_held", False)]
    # They were contacts all the while: nothing of the weeks between is missing.
    assert (
        stage.db.execute("SELECT email, subscribed_since FROM timesheet.contacts ORDER BY 1").fetchall() == subscribed
    )


def test_who_is_new_meanwhile_does_not_make_the_missing_a_minority(stage):
    store(stage.db, *"abc")
    for _ in range(3):
        assert store(stage.db, "a", *"klmnopq")[2:] == (0, 0, 2)
    assert held(stage.db) == ["b", "c"]


def test_one_that_is_listed_again_is_free_and_the_others_wait_on(stage):
    store(stage.db, *"abcdef")
    store(stage.db, "a", "b")
    store(stage.db, *"abcde")
    assert held(stage.db) == ["f"] and live(stage.db) == list("abcdef")
    store(stage.db, *"abcd")  # while one is held back, so is who follows
    assert held(stage.db) == ["e", "f"]
    assert store(stage.db, *"abcd", allow=True) == (4, 0, 2, 0, 0)


def test_what_is_listed_still_is_updated_as_usual_and_what_is_held_keeps_its_client_groups(stage):
    store(stage.db, *"abc")
    store(stage.db, "a", "x", group=2)
    assert (
        stage.db.execute(
            """SELECT c.email, g.name FROM timesheet.contacts AS c
               JOIN timesheet.contact_client_groups USING (contact_id)
                               JOIN timesheet.client_groups AS g USING (client_group_id) ORDER BY 1"""
        ).fetchall()
        == [
            ("a@example.com", "Client 2"),
            ("b@example.com", "Client 1"),
            ("c@example.com", "Client 1"),
            ("x@example.com", "Client 2"),
        ]
    )


def test_addresses_that_broke_are_missing_too(stage):
    """A formula gone wrong in the column of addresses is no reason to forget everybody."""
    store(stage.db, *"abc")
    broken = [{"id": f"rec{n}", "fields": {"Email": "#ERROR!", "Jibble Group ID": guid("group", 1)}} for n in range(3)]
    assert stage.db.execute(
        "SELECT held, removed FROM timesheet.store_contacts(%s, 'Email', 'Jibble Group ID')",
        (psycopg.types.json.Json(broken),),
    ).fetchone() == (3, 0)
    assert stage.db.execute("SELECT count(*) FROM timesheet.contact_problems").fetchone() == (3,)


def test_who_unsubscribed_counts_and_stays_unsubscribed(stage):
    store(stage.db, *"abc")
    stage.db.execute("UPDATE timesheet.contacts SET unsubscribed_at = now() WHERE email <> 'a@example.com'")
    store(stage.db, "a")
    assert held(stage.db) == ["b", "c"]
    store(stage.db, *"abc")
    assert stage.db.execute("SELECT count(*) FROM timesheet.contacts WHERE unsubscribed_at IS NOT NULL").fetchone() == (
        2,
    )


def test_two_passes_at_once_believe_no_more_than_one(stage):
    store(stage.db, *"abcdefgh")
    dbs = [psycopg.connect(stage.uri, autocommit=True) for _ in range(4)]
    threads = [threading.Thread(target=store, args=(db, "a", "b", "c")) for db in dbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for db in dbs:
        db.close()
    assert held(stage.db) == list("defgh") and live(stage.db) == list("abcdefgh")


def test_none_is_queued_while_it_is_held_and_all_are_after(stage):
    store(stage.db, *"abc")
    store(stage.db, "a")
    assert stage.db.execute("SELECT queued FROM timesheet.queue_digests(%s)", (stage.week,)).fetchone() == (1,)
    assert stage.db.execute("SELECT queued FROM timesheet.queue_digests()").fetchone() == (0,)
    assert stage.deliveries() == [("a@example.com", 1, "queued")]
    overdue, why = stage.db.execute("SELECT overdue, overdue_because FROM timesheet.digest_health").fetchone()
    assert overdue == 2 and "Airtable does not list the address any more" in why
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="its removal is held back"):
        stage.db.execute("SELECT timesheet.resend_digest('b@example.com', %s)", (stage.week,))
    store(stage.db, *"abc")
    assert stage.db.execute("SELECT queued FROM timesheet.queue_digests()").fetchone() == (2,)


def test_what_was_queued_waits_and_goes_out_once_it_is_settled(stage, daemon, airtable, mail):
    store(stage.db, *"abc")
    stage.db.execute("SELECT timesheet.queue_digests()")
    store(stage.db, "a")
    done = daemon.must("digest", "send")  # and does not turn round and round for the two that wait
    assert [sent.to for sent in mail.mails] == [["a@example.com"]]
    assert stage.deliveries() == [
        ("a@example.com", 1, "sent"),
        ("b@example.com", 1, "queued"),
        ("c@example.com", 1, "queued"),
    ]
    assert "2 digests are left in the queue" in done.stderr
    # Held back after it was chosen, before it was handed over.
    assert stage.db.execute(
        "SELECT timesheet.begin_attempt(delivery_id, 'resend', 'x', 'x') FROM timesheet.digests "
        "WHERE email = 'b@example.com'"
    ).fetchone() == (False,)
    store(stage.db, *"abc")
    daemon.must("digest", "send")
    assert sorted(sent.to[0] for sent in mail.mails) == ["a@example.com", "b@example.com", "c@example.com"]


def test_what_was_queued_for_who_is_removed_after_all_is_never_sent(stage, daemon, mail):
    store(stage.db, *"abc")
    stage.db.execute("SELECT timesheet.queue_digests()")
    store(stage.db, "a")
    store(stage.db, "a", allow=True)
    daemon.must("digest", "send")
    assert [sent.to for sent in mail.mails] == [["a@example.com"]]
    assert [state for _, _, state in stage.deliveries()] == ["sent", "failed", "failed"]


def test_a_preview_says_that_it_would_not_be_sent(stage, daemon):
    store(stage.db, *"abc")
    assert "gets no digest" not in daemon.must("digest", "preview", "--contact", "b@example.com").stderr
    store(stage.db, "a")
    done = daemon.must("digest", "preview", "--contact", "b@example.com", "--format", "json")
    assert (
        "b@example.com gets no digest" in done.stderr
        and OPTION in done.stderr
        and '"contact_email": "b@example.com"' in done.stdout
    )
    assert "gets no digest" not in daemon.must("digest", "preview", "--contact", "a@example.com").stderr
