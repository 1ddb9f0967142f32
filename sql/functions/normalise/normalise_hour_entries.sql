CREATE OR REPLACE FUNCTION timesheet.normalise_hour_entries(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  newly_deleted bigint;
BEGIN
  -- A statement of its own, as client_group_at_noon() reads their histories.
  PERFORM timesheet.lock_agents(ARRAY(
    SELECT n.agent_id FROM timesheet.named_keys(ARRAY(SELECT p.person_id FROM timesheet.parsed_hour_entries(ids) AS p),
      '{}') AS n));
  WITH parsed AS MATERIALIZED (
    SELECT * FROM timesheet.parsed_hour_entries(ids)
  ), named AS MATERIALIZED (
    SELECT * FROM timesheet.named_keys(ARRAY(SELECT p.person_id FROM parsed AS p),
      ARRAY(SELECT p.activity_jibble_id FROM parsed AS p))
  ), written AS (
    INSERT INTO timesheet.hour_entries AS e (
      jibble_id, agent_id, client_group_id, activity_id, workday, seconds, deleted_at)
    SELECT p.jibble_id, a.agent_id, timesheet.client_group_at_noon(a.agent_id, p.workday), c.activity_id, p.workday,
      p.seconds, p.deleted_at
    FROM parsed AS p
    LEFT JOIN named AS a ON a.jibble_id = p.person_id AND a.agent_id IS NOT NULL
    LEFT JOIN named AS c ON c.jibble_id = p.activity_jibble_id AND c.activity_id IS NOT NULL
    ON CONFLICT (jibble_id) DO UPDATE SET
      agent_id = excluded.agent_id, client_group_id = excluded.client_group_id, activity_id = excluded.activity_id,
      workday = excluded.workday, seconds = excluded.seconds, deleted_at = excluded.deleted_at
    WHERE (e.agent_id, e.client_group_id, e.activity_id, e.workday, e.seconds, e.deleted_at) IS DISTINCT FROM
          (excluded.agent_id, excluded.client_group_id, excluded.activity_id, excluded.workday, excluded.seconds,
           excluded.deleted_at)
  )
  -- One query for each: a join may read the whole table.
  SELECT count(*) INTO newly_deleted
  FROM parsed AS p
  WHERE p.deleted_at IS NOT NULL
    AND (SELECT old.deleted_at FROM timesheet.hour_entries AS old WHERE old.jibble_id = p.jibble_id) IS NULL;
  RETURN newly_deleted;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_hour_entries(uuid[]) IS
  'Writes hour entries of these Jibble ids from their current versions. Returns how many were newly found deleted; '
  'raises at the first that cannot be understood.';
CALL timesheet.set_grants('FUNCTION timesheet.normalise_hour_entries(uuid[])');
