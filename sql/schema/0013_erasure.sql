-- Release: 0.1.0
-- Personal data that a person asks to be erased, and payloads that are kept for a time only.

ALTER TABLE timesheet.settings ADD COLUMN keep_payloads interval
  CONSTRAINT keep_payloads_must_be_whole_days_from_1_to_36500 CHECK (
    extract(day FROM keep_payloads) >= 1 AND extract(day FROM keep_payloads) <= 36500
    AND keep_payloads = make_interval(days => extract(day FROM keep_payloads)::int));
COMMENT ON COLUMN timesheet.settings.keep_payloads IS
  'How long after it was read a payload of people and entries is kept whole; then it is reduced to what hours are made '
  'of, see timesheet.reduced_payload(). Null: for good.';

ALTER TABLE timesheet.raw_events ADD COLUMN reduced_at timestamptz;
COMMENT ON COLUMN timesheet.raw_events.reduced_at IS
  'When the payload was reduced to what hours are made of, after settings.keep_payloads or as the person was erased. '
  'Null: it is as it was received.';
COMMENT ON TABLE timesheet.raw_events IS
  'Every version of every Jibble object, byte for byte as received but for PINs, face data and what was reduced. A row '
  'is added when an object differs from its last stored version.';
CREATE INDEX raw_events_whole ON timesheet.raw_events (fetched_at)
  WHERE reduced_at IS NULL AND resource IN ('TimeEntries', 'HourEntries', 'People', 'TimeTrackingPeople');

CREATE TABLE timesheet.erased_people (
  jibble_id uuid PRIMARY KEY,
  agent_id  int NOT NULL REFERENCES timesheet.agents,
  erased_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX erased_people_agent ON timesheet.erased_people (agent_id);
COMMENT ON TABLE timesheet.erased_people IS
  'People whose personal data was erased by timesheet.erase_agent(). What Jibble still says of them is reduced before '
  'it is stored.';

ALTER TABLE timesheet.outgoing_emails ADD COLUMN agent_ids int[];
COMMENT ON COLUMN timesheet.outgoing_emails.agent_ids IS
  'The agents that the e-mail names. Null: not known, as it was queued before this was recorded.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (13, '0013_erasure');
