CREATE OR REPLACE FUNCTION timesheet.people_held() RETURNS TABLE (person_id uuid, is_not_shown boolean)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT h.person_id, bool_or(h.reason = 'person_not_shown') FROM timesheet.held_deletions AS h
  WHERE h.resource IN ('TimeEntries', 'HourEntries') AND h.person_id IS NOT NULL
  GROUP BY h.person_id
$$;
COMMENT ON FUNCTION timesheet.people_held() IS
  'The people whose entries are held back, on all days and of both resources, and whether some are as '
  'person_not_shown: those stay until something of the person is found again, or a person decides.';
CALL timesheet.set_grants('FUNCTION timesheet.people_held()', 'EXECUTE TO timesheet_ingest');
