CREATE OR REPLACE FUNCTION timesheet.forget_problems(of_agents int[], of_time_entries uuid[], of_hour_entries uuid[])
RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  DELETE FROM timesheet.ingest_problems AS p USING timesheet.raw_events AS r
  WHERE r.raw_event_id = p.raw_event_id AND (
    r.resource = 'TimeEntries' AND (r.jibble_id = ANY (of_time_entries) OR EXISTS (
      SELECT FROM timesheet.time_entries AS e
      WHERE e.jibble_activity_id = r.jibble_id AND e.agent_id = ANY (of_agents)))
    OR r.resource = 'HourEntries' AND (r.jibble_id = ANY (of_hour_entries) OR EXISTS (
      SELECT FROM timesheet.hour_entries AS e WHERE e.jibble_id = r.jibble_id AND e.agent_id = ANY (of_agents))))
$$;
COMMENT ON FUNCTION timesheet.forget_problems(int[], uuid[], uuid[]) IS
  'Deletes what was wrong with raw events of these agents'' entries and of these entries, before they are read again.';
CALL timesheet.set_grants('FUNCTION timesheet.forget_problems(int[], uuid[], uuid[])');
