CREATE OR REPLACE FUNCTION timesheet.contact_week(for_contact int, day date) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT timesheet.digest_week(day, coalesce(
    (SELECT CASE WHEN min(g.week_starts_on) = max(g.week_starts_on) THEN min(g.week_starts_on) END
     FROM timesheet.contact_client_groups AS m JOIN timesheet.client_group_names AS g USING (client_group_id)
     WHERE m.contact_id = for_contact),
    (SELECT s.week_starts_on FROM timesheet.settings AS s),
    CASE WHEN timesheet.require_every_row() THEN 1 END)) -- without a row it says so
$$;
COMMENT ON FUNCTION timesheet.contact_week(int, date) IS
  'The key of the contact''s digest for the week that holds day: by the weeks of its client groups where all begin '
  'alike, else by the setting''s.';
CALL timesheet.set_grants('FUNCTION timesheet.contact_week(int, date)', 'EXECUTE TO timesheet_ingest');
