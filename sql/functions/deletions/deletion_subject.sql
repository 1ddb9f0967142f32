CREATE OR REPLACE FUNCTION timesheet.deletion_subject(held timesheet.held_deletions) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT CASE WHEN held.reason = 'nothing_listed' THEN held.resource ELSE coalesce(
    (SELECT 'agent ' || a.agent_id FROM timesheet.agents AS a WHERE a.jibble_id = held.person_id),
    'person ' || held.person_id, 'person without an id') END
$$;
COMMENT ON FUNCTION timesheet.deletion_subject(timesheet.held_deletions) IS
  'The subject of the alert deletions_held that is about this: "agent 12", "TimeEntries".';
CALL timesheet.set_grants('FUNCTION timesheet.deletion_subject(timesheet.held_deletions)');
