-- R13, in hours:minutes:seconds; does not depend on the session's interval style.
CREATE OR REPLACE FUNCTION timesheet.length_text(seconds bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT seconds / 3600 || ':' || lpad((seconds / 60 % 60)::text, 2, '0') || ':' || lpad((seconds % 60)::text, 2, '0')
$$;
COMMENT ON FUNCTION timesheet.length_text(bigint) IS 'Seconds as hours:minutes:seconds, such as 15:00:00.';
CALL timesheet.set_grants('FUNCTION timesheet.length_text(bigint)', 'EXECUTE TO timesheet_reader');
