CREATE OR REPLACE FUNCTION timesheet.has_unread_entries(of_agents int[]) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT EXISTS (
    SELECT FROM timesheet.ingest_problems AS p JOIN timesheet.raw_events AS r USING (raw_event_id)
    WHERE (r.resource = 'TimeEntries' AND EXISTS (SELECT FROM timesheet.time_entries AS e
        WHERE e.jibble_activity_id = r.jibble_id AND e.agent_id = ANY (of_agents))
      OR r.resource = 'HourEntries' AND EXISTS (SELECT FROM timesheet.hour_entries AS e
        WHERE e.jibble_id = r.jibble_id AND e.agent_id = ANY (of_agents)))
      AND NOT EXISTS (SELECT FROM timesheet.current_versions(r.resource, ARRAY[r.jibble_id])))
$$;
COMMENT ON FUNCTION timesheet.has_unread_entries(int[]) IS
  'Whether any of these agents has an entry that was understood once, and no version of which is understood now.';
CALL timesheet.set_grants('FUNCTION timesheet.has_unread_entries(int[])');
