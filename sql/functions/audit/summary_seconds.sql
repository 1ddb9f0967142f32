-- A member of a summary as a length. A length that is no number, such as an object, is not read as nothing.
CREATE OR REPLACE FUNCTION timesheet.summary_seconds(day json, name text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN extract(epoch FROM timesheet.try_duration(timesheet.member(day, name)));
END
$$;
COMMENT ON FUNCTION timesheet.summary_seconds(json, text) IS
  'A duration of one day of a TimesheetsSummary in seconds, fractions included; null where there is none or it cannot '
  'be read.';
CALL timesheet.set_grants('FUNCTION timesheet.summary_seconds(json, text)');
