CREATE OR REPLACE FUNCTION timesheet.contact_session(for_contact int)
RETURNS TABLE (client_group_id int, client_group text, time_zone text, week_starts_on int, as_of timestamptz)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT g.client_group_id, c.name, g.time_zone, g.week_starts_on,
    (SELECT f.fresh_through FROM timesheet.feed_health AS f)
  FROM timesheet.client_groups_shown(timesheet.client_groups_of_contact(for_contact)) AS c
  JOIN timesheet.client_group_names AS g ON g.key = c.client_group_id
  ORDER BY c.name, g.client_group_id
$$;
COMMENT ON FUNCTION timesheet.contact_session(int) IS
  'The client groups of a contact, with the zone and the first weekday of their reports, by name. as_of: what was in '
  'Jibble at this instant is in the hours; null: no read has reached the present yet.';
CALL timesheet.set_grants('FUNCTION timesheet.contact_session(int)');
