CREATE OR REPLACE FUNCTION timesheet.try_duration(given text) RETURNS interval
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp SET intervalstyle = 'postgres'
AS $$
BEGIN
  RETURN (trunc(timesheet.duration_seconds(given), 6)::text || ' seconds')::interval;
EXCEPTION WHEN data_exception THEN
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.try_duration(text) IS
  'An ISO 8601 duration in weeks, days, hours, minutes and seconds, possibly with a minus before it, as an interval '
  'cut to microseconds, or null where the text is none.';
CALL timesheet.set_grants('FUNCTION timesheet.try_duration(text)');
