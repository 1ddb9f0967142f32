CREATE OR REPLACE FUNCTION timesheet.normalise_people(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  PERFORM timesheet.lock_agents(ARRAY(SELECT a.agent_id FROM timesheet.agents AS a WHERE a.jibble_id = ANY (ids)));
  PERFORM timesheet.record_attributes('People', ids);
  INSERT INTO timesheet.agents AS a (jibble_id, full_name, email, code, status)
  SELECT v.jibble_id,
    coalesce(timesheet.clean_text(x."fullName"),
      timesheet.known_member('TimeTrackingPeople', v.jibble_id, 'fullName') #>> '{}'),
    x.email, x.code, CASE WHEN v.found_deleted THEN 'Removed' ELSE x.status END
  FROM timesheet.current_versions('People', ids) AS v
  CROSS JOIN LATERAL json_to_record(v.payload) AS x ("fullName" text, email text, code text, status text)
  ORDER BY v.raw_event_id
  ON CONFLICT (jibble_id) DO UPDATE SET
    full_name = excluded.full_name, email = excluded.email, code = excluded.code, status = excluded.status
  WHERE (a.full_name, a.email, a.code, a.status)
        IS DISTINCT FROM (excluded.full_name, excluded.email, excluded.code, excluded.status);
  PERFORM timesheet.write_undescribed('People', ids);

  -- A group that Jibble no longer lists was still the group of some agent.
  INSERT INTO timesheet.client_groups (jibble_id)
  SELECT DISTINCT o.group_jibble_id FROM timesheet.attribute_history AS o
  WHERE o.jibble_id = ANY (ids) AND o.group_jibble_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM timesheet.client_groups AS g WHERE g.jibble_id = o.group_jibble_id);
  RETURN 0;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_people(uuid[]) IS
  'Writes agents, and what the workspace said of them of these Jibble ids from their current versions. Returns how '
  'many were newly found deleted; raises at the first that cannot be understood.';
CALL timesheet.set_grants('FUNCTION timesheet.normalise_people(uuid[])');
