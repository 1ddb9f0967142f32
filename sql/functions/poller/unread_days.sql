CREATE OR REPLACE FUNCTION timesheet.unread_days(since date, OUT first_day date, OUT last_day date)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT min(r.day), max(r.day)
  FROM timesheet.days_read(unread_days.since, (now() AT TIME ZONE 'UTC')::date + 1) AS r WHERE r.read_at IS NULL
$$;
COMMENT ON FUNCTION timesheet.unread_days(date) IS
  'The first and the last day from since to today that no read covered yet; null where each day was read.';
CALL timesheet.set_grants('FUNCTION timesheet.unread_days(date)');
