-- The slow way, for a text that only looks like an instant.
CREATE OR REPLACE FUNCTION timesheet.try_instant(given text) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO'
AS $$
BEGIN
  RETURN timesheet.cut_to_microseconds(given)::timestamptz;
EXCEPTION WHEN data_exception THEN
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.try_instant(text) IS
  'The text as an instant (UTC if it names no zone), or null where it is none.';
CALL timesheet.set_grants('FUNCTION timesheet.try_instant(text)');
