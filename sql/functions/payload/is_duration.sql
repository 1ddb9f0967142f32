-- A year and a month have no length that is known without a calendar.
-- This and what calls it are no SQL functions: those with settings of their own are planned again at each call, and an
-- audit calls them thousands of times.
CREATE OR REPLACE FUNCTION timesheet.is_duration(given text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN given ~ '^-?P(-?[0-9]+([.][0-9]+)?W)?(-?[0-9]+([.][0-9]+)?D)?'
      '(T(-?[0-9]+([.][0-9]+)?H)?(-?[0-9]+([.][0-9]+)?M)?(-?[0-9]+([.][0-9]+)?S)?)?$'
    AND given ~ '[0-9]';
END
$$;
COMMENT ON FUNCTION timesheet.is_duration(text) IS
  'Whether the text is an ISO 8601 duration in weeks, days, hours, minutes and seconds, possibly with a minus before '
  'it. It may still be too long for an interval.';
CALL timesheet.set_grants('FUNCTION timesheet.is_duration(text)');
