"""What can have happened to an agency: people who moved, changed their names or were erased, versions that could not
be read, deletions, corrections; and a normalised half that says other things than the raw one."""

import json
import uuid

import psycopg


def guid(text):
    return str(uuid.uuid5(uuid.NAMESPACE_OID, text))


def latest(db, resource, jibble_id):
    return db.execute(
        "SELECT payload FROM timesheet.raw_events WHERE resource = %s AND jibble_id = %s ORDER BY raw_event_id DESC",
        (resource, jibble_id),
    ).fetchone()[0]


def feed(db, *objects):
    """Stores (resource, Jibble's id, object), each as one more version, and derives them; None is a tombstone."""
    (run,) = db.execute("SELECT timesheet.begin_run('backfill', '2026-06-28', '2026-11-25')").fetchone()
    for resource, jibble_id, payload in objects:
        db.execute(
            "INSERT INTO timesheet.raw_events (resource, jibble_id, payload, ingest_run_id) VALUES (%s, %s, %s, %s)",
            (resource, jibble_id, None if payload is None else json.dumps(payload), run),
        )
    db.execute("SELECT timesheet.finish_run(%s)", (run,))


def entries_of(db, agent, kind="In"):
    return [
        str(id)
        for id, in db.execute(
            "SELECT jibble_activity_id FROM timesheet.time_entries WHERE agent_id = %s AND raw_type = %s "
            "ORDER BY start_time_utc",
            (agent, kind),
        )
    ]


def people(db, agents):
    return [
        str(db.execute("SELECT jibble_id FROM timesheet.agents WHERE agent_id = %s", (agent,)).fetchone()[0])
        for agent in agents
    ]


def change_people(db, person):
    groups = [str(id) for id, in db.execute("SELECT jibble_id FROM timesheet.client_groups ORDER BY 1 LIMIT 3")]

    def version(of, **more):
        return "People", of, latest(db, "People", of) | more

    feed(
        db,
        version(person[0], fullName="Moved Person", groupId=groups[0], updatedAt="2026-10-10T00:00:00Z"),
        version(person[1], groupId="nonsense"),
        version(person[2], **{"ICultureSettings/TimeZone": "Mars/Base"}, updatedAt="2026-09-20T00:00:00Z"),
        version(person[3], fullName="Renamed Person"),
        ("People", person[4], None),
        (
            "People",
            guid("without entries"),
            {"id": guid("without entries"), "fullName": "Without Entries", "groupId": guid("a group not listed")},
        ),
        ("Groups", groups[1], latest(db, "Groups", groups[1]) | {"name": "Renamed Client"}),
        ("Groups", groups[2], None),
    )
    feed(db, version(person[0], fullName="Moved Twice", groupId=groups[2], updatedAt="2026-11-30T00:00:00Z"))


def change_entries(db, agent, person):
    entry = [entries_of(db, one) for one in agent]

    def version(of, **more):
        return "TimeEntries", of, latest(db, "TimeEntries", of) | more

    one = latest(db, "TimeEntries", entry[0][0])
    feed(
        db,
        version(entry[0][3], time="at nine"),  # the version before counts
        version(entry[0][4], status="Archived"),
        ("TimeEntries", entry[0][5], None),
        version(entry[1][6], personId=person[2]),  # it was another's all the time
        version(entry[1][7], personId=guid("never described")),
        version(entry[3][8], activityId=guid("an activity never described")),
        version(entry[3][9], type="Teleport"),
        ("TimeEntries", guid("only rejected"), one | {"id": guid("only rejected"), "time": "2026-13-01T00:00:00Z"}),
        ("TimeEntries", guid("first rejected"), one | {"id": guid("first rejected"), "time": "soon"}),
        ("TimeEntries", guid("of no person"), one | {"id": guid("of no person"), "personId": str(uuid.UUID(int=0))}),
        ("TimeEntries", None, {"type": "In"}),
    )
    feed(db, ("TimeEntries", guid("first rejected"), one | {"id": guid("first rejected")}))
    hour = [str(id) for id, in db.execute("SELECT jibble_id FROM timesheet.hour_entries ORDER BY 1 LIMIT 3")]
    feed(
        db,
        ("HourEntries", hour[0], latest(db, "HourEntries", hour[0]) | {"duration": "PT7H"}),
        ("HourEntries", hour[1], latest(db, "HourEntries", hour[1]) | {"duration": "long"}),
        ("HourEntries", hour[2], None),
    )


def add_oddities(db, agent):
    """To the agency of agency.py, whose raw half is taken to be a year old."""
    db.execute("UPDATE timesheet.raw_events SET fetched_at = fetched_at - interval '1 year'")
    person = people(db, agent)
    change_people(db, person)
    change_entries(db, agent, person)
    db.execute("SELECT timesheet.set_working_time('2026-09-01', for_agent => %s, day_cutoff => '12:00')", (agent[5],))
    db.execute(
        "SELECT timesheet.set_working_time('2026-10-01', for_client_group => client_group_id, time_zone => "
        "'Asia/Kathmandu') FROM timesheet.agents WHERE agent_id = %s",
        (agent[6],),
    )
    db.execute(
        "SELECT timesheet.assign_client_group(%s, (SELECT max(client_group_id) FROM timesheet.client_groups), "
        "'2026-08-01')",
        (agent[7],),
    )
    db.execute("SELECT timesheet.assign_client_group(%s, 1, '2026-08-01')", (agent[8],))
    db.execute("SELECT timesheet.revoke_correction(max(correction_id)) FROM timesheet.corrections")
    db.execute("SELECT timesheet.erase_agent(%s)", (agent[9],))
    db.execute("SELECT timesheet.replay()")


def damage(db, agent):
    """The normalised half no longer follows from the raw one, in each table and for each agent."""
    with db.transaction():
        db.execute("SELECT setseed(0.5)")
        for statement in (
            "UPDATE timesheet.time_entries SET start_time_utc = start_time_utc + interval '7 minutes', raw_type = 'In' "
            "WHERE hashtext(jibble_activity_id::text) % 3 = 0",
            "UPDATE timesheet.time_entries SET workday = workday + 1, activity_id = NULL, deleted_at = now() "
            "WHERE hashtext(jibble_activity_id::text) % 5 = 0",
            "DELETE FROM timesheet.time_entries WHERE hashtext(jibble_activity_id::text) % 11 = 0",
            f"UPDATE timesheet.time_entries SET agent_id = {agent[10]} WHERE agent_id = {agent[11]} "
            "AND hashtext(jibble_activity_id::text) % 2 = 0",
            f"UPDATE timesheet.time_entries SET agent_id = {agent[0]} WHERE agent_id = {agent[9]}",
            "UPDATE timesheet.hour_entries SET seconds = seconds * 2, workday = workday - 1 "
            "WHERE hashtext(jibble_id::text) % 2 = 0",
            "DELETE FROM timesheet.hour_entries WHERE hashtext(jibble_id::text) % 5 = 0",
            "UPDATE timesheet.agents SET full_name = 'Wrong', status = NULL, time_zone = 'UTC', client_group_id = 1",
            "UPDATE timesheet.client_groups SET name = NULL, status = 'Archived'",
            "UPDATE timesheet.activities SET name = 'Wrong'",
            "DELETE FROM timesheet.attribute_history WHERE raw_event_id % 2 = 0",
            "UPDATE timesheet.attribute_history SET group_jibble_id = NULL",
            f"DELETE FROM timesheet.agent_history WHERE agent_id % 2 = 0 OR agent_id = {agent[5]}",
            "UPDATE timesheet.agent_history SET time_zone = 'Pacific/Auckland', day_cutoff = '03:00'",
            "DELETE FROM timesheet.ingest_problems WHERE raw_event_id % 2 = 0",
            "INSERT INTO timesheet.ingest_problems (raw_event_id, problem) "
            "SELECT max(raw_event_id), 'made up' FROM timesheet.raw_events ON CONFLICT DO NOTHING",
            # Without raw events, of an agent with others, of one without, and of one that Jibble does not know.
            "INSERT INTO timesheet.agents (jibble_id) VALUES ('00000000-0000-4000-8000-0000000000aa')",
            "INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, raw_type, workday, "
            "workday_end) SELECT md5('made up ' || agent_id)::uuid, agent_id, '2026-09-05 01:00Z', 'In', '2026-09-05', "
            "'2026-09-06 00:00Z' FROM timesheet.agents",
            "INSERT INTO timesheet.hour_entries (jibble_id, agent_id, workday, seconds) "
            "SELECT md5('hours made up ' || agent_id)::uuid, agent_id, '2026-09-05', 60 FROM timesheet.agents",
        ):
            db.execute(statement)


def connect(uri):
    return psycopg.connect(uri, autocommit=True)
