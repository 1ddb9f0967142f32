-- Release: 0.1.0
-- The morning briefing of staff, and of the supervisors of a client.

ALTER TABLE timesheet.settings ADD COLUMN briefing_time time NOT NULL DEFAULT '08:00'
  CONSTRAINT briefing_time_must_be_below_24_00 CHECK (briefing_time < '24:00');
COMMENT ON COLUMN timesheet.settings.briefing_time IS
  'Local time, in default_time_zone, from which on the morning briefing is sent.';

CREATE TABLE timesheet.supervisors (
  email           text NOT NULL,
  client_group_id int NOT NULL REFERENCES timesheet.client_groups,
  PRIMARY KEY (email, client_group_id)
);
CREATE INDEX supervisors_client_group ON timesheet.supervisors (client_group_id);
COMMENT ON TABLE timesheet.supervisors IS
  'Who at a client gets its part of the morning briefing, as the field AIRTABLE_SUPERVISOR_FIELD of the contacts'' '
  'list says: replaced whenever that list is read.';
COMMENT ON COLUMN timesheet.supervisors.email IS 'In lower case.';

CREATE TABLE timesheet.briefings (
  day       date PRIMARY KEY,
  made_at   timestamptz NOT NULL DEFAULT now(),
  is_empty  boolean NOT NULL,
  as_of     timestamptz NOT NULL DEFAULT now(),
  alert_ids bigint[] NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE timesheet.briefings IS
  'The days whose morning briefing was made, one row each; see timesheet.queue_briefings().';
COMMENT ON COLUMN timesheet.briefings.day IS 'The date in settings.default_time_zone.';
COMMENT ON COLUMN timesheet.briefings.is_empty IS 'There was nothing to say, so that no e-mail was queued.';
COMMENT ON COLUMN timesheet.briefings.as_of IS
  'What has become certain until then was known: the last read of Jibble before it was made, or when it was made.';
COMMENT ON COLUMN timesheet.briefings.alert_ids IS
  'The alerts that needed a decision then: none of them is a reason for the next briefing.';

CREATE TABLE timesheet.briefed_sessions (
  jibble_activity_id uuid PRIMARY KEY,
  briefed_at         timestamptz NOT NULL
);
CREATE INDEX briefed_sessions_briefed ON timesheet.briefed_sessions (briefed_at);
COMMENT ON TABLE timesheet.briefed_sessions IS
  'The sessions without an end that a briefing has reported, or passed over as they were too old for it: none is '
  'reported again. By the id of the entry that began them, which stays when the tables are rebuilt.';

CREATE TABLE timesheet.briefed_silences (
  agent_id         int NOT NULL REFERENCES timesheet.agents,
  last_activity_at timestamptz NOT NULL,
  briefed_at       timestamptz NOT NULL,
  PRIMARY KEY (agent_id, last_activity_at)
);
COMMENT ON TABLE timesheet.briefed_silences IS
  'The silences of agents that a briefing has reported, each by the last entry before it: none is new again.';

-- They take the supervisors as well; a new database does not have them.
DROP FUNCTION IF EXISTS timesheet.store_contacts;
DROP FUNCTION IF EXISTS timesheet.store_contact_problems;
DROP FUNCTION IF EXISTS timesheet.listed_contacts;

INSERT INTO timesheet.schema_migrations (version, name) VALUES (16, '0016_briefing');
