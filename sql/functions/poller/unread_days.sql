CREATE OR REPLACE FUNCTION timesheet.unread_days(since date, OUT first_day date, OUT last_day date)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH days AS MATERIALIZED (
    SELECT r.day, r.read_at FROM timesheet.days_read(unread_days.since, (now() AT TIME ZONE 'UTC')::date + 1) AS r
  ), begins AS (
    SELECT min(d.day) AS day FROM days AS d WHERE d.read_at IS NULL
  )
  SELECT b.day, coalesce(
    (SELECT min(d.day) - 1 FROM days AS d WHERE d.day > b.day AND d.read_at IS NOT NULL),
    (SELECT max(d.day) FROM days AS d WHERE d.day >= b.day))
  FROM begins AS b
$$;
COMMENT ON FUNCTION timesheet.unread_days(date) IS
  'The first days from since to today that no read covered yet: the first and the last of them; null where each day '
  'was read.';
CALL timesheet.set_grants('FUNCTION timesheet.unread_days(date)');
