-- Longer than a message can wait for the last one of its kind.
CREATE OR REPLACE FUNCTION timesheet.notification_limit(OUT lasts interval, OUT reason text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT l.lasts, format('it could not be sent for %s hours; a new one says what is still open',
    trunc(extract(epoch FROM l.lasts) / 3600))
  FROM timesheet.settings AS s
  CROSS JOIN LATERAL (SELECT greatest(interval '24:00', s.alert_pause + interval '01:00')) AS l (lasts)
$$;
COMMENT ON FUNCTION timesheet.notification_limit() IS
  'For how long a message about alerts is tried, and an end is reported to those who did not hear of the beginning; '
  'and what a message says that is given up then.';
CALL timesheet.set_grants('FUNCTION timesheet.notification_limit()');
