"""No way gets more than one message of a kind in an hour; what comes within it is gathered into the next."""

import re

from alert_world import ANN, KIND, by_resend, provider, template, text_of, webhook, world  # noqa: F401

pytestmark = by_resend
OTHER = "audit_differs"


def test_what_begins_within_the_hour_is_gathered_into_the_next_message(world):
    first = world.begins("agent 1")
    world.notify()
    second, third = world.begins("agent 2"), world.begins("agent 3")
    world.notify()
    assert world.posted() == [[first]] and len(world.mailed()) == 1
    world.an_hour_passes()
    world.notify()
    world.notify()
    assert world.posted() == [[first], [second, third]]
    assert world.mailed() == [(ANN, f"Problem: {world.title()}")] * 2


def test_another_kind_is_not_held_up(world):
    first = world.begins("agent 1")
    world.notify()
    other = world.begins("week 2026-11-16", OTHER)
    world.notify()
    assert world.posted() == [[first], [other]]
    assert [subject for _, subject in world.mailed()] == [f"Problem: {world.title(kind)}" for kind in (KIND, OTHER)]


def test_a_way_that_has_had_no_message_yet_is_not_held_up_by_another(world):
    number = world.begins()
    world.notify(ALERT_WEBHOOK_URL=None)
    assert len(world.mailed()) == 1 and world.posted() == []
    world.notify()
    assert len(world.mailed()) == 1 and world.posted() == [[number]]


def test_the_pause_is_a_setting(world):
    world.db.execute("UPDATE timesheet.settings SET alert_pause = '0.3 seconds'")
    first = world.begins("agent 1")
    world.notify()
    second = world.begins("agent 2")
    world.db.execute("SELECT pg_sleep(0.3)")
    world.notify()
    assert world.posted() == [[first], [second]]


def test_what_begins_and_ends_within_the_hour_is_one_message_that_says_both(world, provider, webhook):
    first = world.begins("agent 1")
    world.notify()
    second = world.begins("agent 2")
    world.notify()
    world.ends("agent 2")
    world.an_hour_passes()
    for _ in range(2):
        world.notify()
    assert world.posted() == [[first], [second]]
    assert world.mailed()[1:] == [(ANN, f"Problem, over: {world.title()}")]
    for said in (webhook.posts[-1].text, text_of(provider.peer.mails[-1])):
        assert re.search(r"began .*\d\d:\d\d.*, over .*\d\d:\d\d", said)


def test_what_is_over_before_the_first_pass_is_one_message_that_says_both(world, webhook):
    number = world.begins()
    world.notify()
    world.ends()
    world.an_hour_passes()
    world.notify()
    again = world.begins()
    world.ends()
    for _ in range(2):
        world.notify()
    assert world.posted() == [[number], [number], [again]]
    assert world.mailed()[-1] == (ANN, f"Problem, over: {world.title()}")


def test_flapping_is_one_message_that_says_so(world, provider, webhook):
    world.begins("agent 1")
    world.notify()
    numbers = []
    for _ in range(3):
        numbers.append(world.begins("agent 2"))
        world.notify()
        world.ends("agent 2")
        world.notify()
    assert len(world.posted()) == 1 and len(world.mailed()) == 1
    world.an_hour_passes()
    for _ in range(2):
        world.notify()
    assert world.posted()[1:] == [numbers] and len(world.mailed()) == 2
    for said in (webhook.posts[-1].text, text_of(provider.peer.mails[-1])):
        assert re.search(r"3 times between .*\d\d:\d\d.* and .*\d\d:\d\d", said) and "over since" in said
        assert "not over" not in said and len(re.findall("times between", said)) == 1


def test_flapping_that_goes_on_says_that_it_is_not_over(world, webhook):
    world.notify()  # from now on the ways are known
    for _ in range(2):
        world.begins("agent 2")
        world.ends("agent 2")
    world.begins("agent 2")
    world.notify()
    ((post,), ((_, subject),)) = webhook.posts, world.mailed()
    assert "3 times between" in post.text and "not over" in post.text and subject.startswith("Problem")


def test_an_acknowledged_alert_is_silent_from_then_on(world):
    alert = world.begins("agent 1")
    silent = world.begins("agent 2")
    world.db.execute("SELECT timesheet.operate_acknowledge_alert('eve@agency.example', %s)", (silent,))
    world.notify()
    assert world.posted() == [[alert]]
    world.db.execute("SELECT timesheet.operate_acknowledge_alert('eve@agency.example', %s)", (alert,))
    world.an_hour_passes()
    world.ends("agent 1")
    world.ends("agent 2")
    for _ in range(2):
        world.notify()
    assert world.posted() == [[alert]] and world.mailed() == [(ANN, f"Problem: {world.title()}")]


def test_what_begins_again_after_an_acknowledged_one_ended_is_reported(world):
    silent = world.begins()
    world.db.execute("SELECT timesheet.operate_acknowledge_alert('eve@agency.example', %s)", (silent,))
    world.notify()
    world.ends()
    again = world.begins()
    world.notify()
    assert world.posted() == [[again]]


def fail_deliveries(world, number):
    """As many digests of last week that their provider has refused, each to another contact."""
    world.db.execute(
        """
        INSERT INTO timesheet.contacts (email, subscribed_since)
        SELECT 'c' || n || '@client.example', now() + interval '8 days' FROM generate_series(1, %s) AS n;
        """,
        (number,),
    )
    world.db.execute(
        """
        INSERT INTO timesheet.digest_deliveries (contact_id, week, state, email, content, through_raw_event, attempts,
          provider, error)
        SELECT contact_id, %s, 'failed', email, '{"subject": "Hours"}', 0, 1, 'resend', 'the address is blocked'
        FROM timesheet.contacts""",
        (world.week,),
    )


def test_a_storm_of_1000_causes_in_a_minute_is_one_message_by_each_way(world, provider, webhook):
    fail_deliveries(world, 1000)
    for _ in range(3):
        world.notify()
    assert len(world.open_alerts("digest_failed")) == 1000
    assert len(webhook.posts) == 1 and world.mailed() == [(ANN, f"Problem: {world.title('digest_failed')}")]
    (post,), (mail,) = webhook.posts, provider.peer.mails
    assert "980 more" in text_of(mail) and len(mail.html) < 100_000 and text_of(mail).count("@client.example") <= 20
    assert len(post.text) < 20_000 and "client.example" not in post.text
    # All is over while the hour has not passed: one more message, and then none.
    world.db.execute("UPDATE timesheet.contacts SET removed_at = now()")
    world.notify()
    assert world.open_alerts("digest_failed") == {} and len(webhook.posts) == 1
    world.an_hour_passes()
    for _ in range(2):
        world.notify()
    assert len(webhook.posts) == 2 and world.mailed()[1:] == [(ANN, f"Over: {world.title('digest_failed')}")]
    assert world.db.execute(
        "SELECT event, count(*) FROM timesheet.alert_notifications GROUP BY event ORDER BY event"
    ).fetchall() == [("began", 2000), ("ended", 2000)]
