-- The form that most instants have, found at half the cost of one regular expression for the whole of it: that has to
-- count characters, which LIKE does many times faster. Inlined by the planner.
CREATE OR REPLACE FUNCTION timesheet.is_utc_instant(given text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT (given LIKE '____-__-__T__:__:__Z' OR given LIKE '____-__-__T__:__:__._%Z')
    AND given ~ '^[0-9]+-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9]+([.][0-9]+)?Z$'
$$;
COMMENT ON FUNCTION timesheet.is_utc_instant(text) IS
  'Whether the text has the form YYYY-MM-DDTHH:MM:SSZ, possibly with a fraction of the second; its digits may still be '
  'those of no instant.';
CALL timesheet.set_grants('FUNCTION timesheet.is_utc_instant(text)');
