-- Release: 0.1.0
-- Corrections are numbered together, name who made them, and can be taken back.

CREATE SEQUENCE timesheet.correction_number;
COMMENT ON SEQUENCE timesheet.correction_number IS
  'One numbering for both kinds of corrections: see timesheet.corrections.';

ALTER TABLE timesheet.client_group_assignments
  ADD COLUMN correction_id bigint NOT NULL UNIQUE DEFAULT nextval('timesheet.correction_number'),
  ADD COLUMN actor text,
  ADD COLUMN revoked_at timestamptz;
ALTER TABLE timesheet.working_time_overrides
  ADD COLUMN correction_id bigint NOT NULL UNIQUE DEFAULT nextval('timesheet.correction_number'),
  ADD COLUMN actor text,
  ADD COLUMN revoked_at timestamptz;
COMMENT ON COLUMN timesheet.client_group_assignments.revoked_at IS
  'When it was taken back by timesheet.revoke_correction(): it counts no more, and is kept as a record. Null: it '
  'counts.';
COMMENT ON COLUMN timesheet.working_time_overrides.revoked_at IS
  'As timesheet.client_group_assignments.revoked_at.';
COMMENT ON COLUMN timesheet.client_group_assignments.actor IS
  'Who made it, as the dashboard knows the person; null: the owner of the schema, in SQL.';
COMMENT ON COLUMN timesheet.working_time_overrides.actor IS 'As timesheet.client_group_assignments.actor.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (10, '0010_corrections');
