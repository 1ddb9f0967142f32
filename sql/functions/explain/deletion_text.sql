CREATE OR REPLACE FUNCTION timesheet.deletion_text(deleted_at timestamptz, zone text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT 'deleted: archived or missing in Jibble since ' || timesheet.local_time_text(deleted_at, zone)
    || ', so it counts for nothing (rule R1)'
$$;
COMMENT ON FUNCTION timesheet.deletion_text(timestamptz, text) IS
  'Why a deleted entry does not count, for timesheet.explain().';
CALL timesheet.set_grants('FUNCTION timesheet.deletion_text(timestamptz, text)');
