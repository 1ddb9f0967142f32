-- The schema of all SQL objects, and the record of which migration made what.

CREATE SCHEMA timesheet;
COMMENT ON SCHEMA timesheet IS 'Hours worked, derived from Jibble time-tracking events (pg_timesheet).';

CREATE TABLE timesheet.schema_migrations (
  version    int PRIMARY KEY,
  name       text NOT NULL,
  sha256     text,
  applied_by text,
  applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE timesheet.schema_migrations IS
  'One row per file of sql/ that was applied here, recorded by the file itself. timesheetd adds the SHA-256 of its text, so that an edited file is noticed; null where something else applied it.';
COMMENT ON COLUMN timesheet.schema_migrations.applied_by IS 'The version of timesheetd that applied the file; an older one names it as the one to install.';

-- Only names of the time zone database count as zones: PostgreSQL itself also
-- takes POSIX strings, in which "Manila+8" silently means eight hours west.
CREATE FUNCTION timesheet.is_time_zone(name text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (SELECT FROM pg_timezone_names AS z WHERE z.name = is_time_zone.name)
$$;
COMMENT ON FUNCTION timesheet.is_time_zone(text) IS
  'Whether the server knows a time zone of exactly this name (see pg_timezone_names). False for null.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (1, '0001_schema');
