-- Only names of the time zone database count as zones: PostgreSQL itself also
-- takes POSIX strings, in which "Manila+8" silently means eight hours west.
CREATE OR REPLACE FUNCTION timesheet.is_time_zone(name text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (SELECT FROM pg_timezone_names AS z WHERE z.name = is_time_zone.name)
$$;
COMMENT ON FUNCTION timesheet.is_time_zone(text) IS
  'Whether the server knows a time zone of exactly this name (see pg_timezone_names). False for null.';
CALL timesheet.set_grants('FUNCTION timesheet.is_time_zone(text)', 'EXECUTE TO timesheet_reader');
