CREATE OR REPLACE FUNCTION timesheet.office_time_text(at timestamptz) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$ SELECT timesheet.local_time_text(at, timesheet.default_time_zone()) $$;
COMMENT ON FUNCTION timesheet.office_time_text(timestamptz) IS
  'An instant for the office''s own staff, in settings.default_time_zone, as timesheet.local_time_text() writes it.';
CALL timesheet.set_grants('FUNCTION timesheet.office_time_text(timestamptz)',
  'EXECUTE TO timesheet_ingest, timesheet_reader');
