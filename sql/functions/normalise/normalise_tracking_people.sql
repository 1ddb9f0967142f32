-- The time-tracking host's view of a person: zones, and a name where the workspace shows none.
CREATE OR REPLACE FUNCTION timesheet.normalise_tracking_people(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  PERFORM timesheet.lock_agents(ARRAY(SELECT a.agent_id FROM timesheet.agents AS a WHERE a.jibble_id = ANY (ids)));
  PERFORM timesheet.record_attributes('TimeTrackingPeople', ids);
  INSERT INTO timesheet.agents (jibble_id, full_name)
  SELECT v.jibble_id, x."fullName"
  FROM timesheet.current_versions('TimeTrackingPeople', ids) AS v
  CROSS JOIN LATERAL json_to_record(v.payload) AS x ("fullName" text)
  ORDER BY v.raw_event_id
  ON CONFLICT (jibble_id) DO UPDATE SET full_name = excluded.full_name
  WHERE agents.full_name IS DISTINCT FROM excluded.full_name AND excluded.full_name IS NOT NULL
    AND timesheet.clean_text(timesheet.known_member('People', agents.jibble_id, 'fullName') #>> '{}') IS NULL;
  RETURN 0;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_tracking_people(uuid[]) IS
  'Writes agents, and what time tracking said of them of these Jibble ids from their current versions. Returns how '
  'many were newly found deleted; raises at the first that cannot be understood.';
CALL timesheet.set_grants('FUNCTION timesheet.normalise_tracking_people(uuid[])');
