-- A statement does not see rows that it adds itself; that it gets their keys from a function is why.
CREATE OR REPLACE FUNCTION timesheet.named_keys(people uuid[], activities uuid[])
  RETURNS TABLE (jibble_id uuid, agent_id int, activity_id int)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO timesheet.agents (jibble_id)
  SELECT DISTINCT n.id FROM unnest(people) AS n (id)
  WHERE n.id IS NOT NULL AND NOT EXISTS (SELECT FROM timesheet.agents AS a WHERE a.jibble_id = n.id)
  ON CONFLICT DO NOTHING;
  INSERT INTO timesheet.activities (jibble_id)
  SELECT DISTINCT n.id FROM unnest(activities) AS n (id)
  WHERE n.id IS NOT NULL AND NOT EXISTS (SELECT FROM timesheet.activities AS c WHERE c.jibble_id = n.id)
  ON CONFLICT DO NOTHING;
  RETURN QUERY
    SELECT a.jibble_id, a.agent_id, NULL::int FROM timesheet.agents AS a WHERE a.jibble_id = ANY (people)
    UNION ALL
    SELECT c.jibble_id, NULL::int, c.activity_id FROM timesheet.activities AS c WHERE c.jibble_id = ANY (activities);
END
$$;
COMMENT ON FUNCTION timesheet.named_keys(uuid[], uuid[]) IS
  'Our keys of the people and activities that entries name by their Jibble ids: a row for each, with agent_id or '
  'activity_id. Who or what Jibble has not listed yet is added, without a name.';
CALL timesheet.set_grants('FUNCTION timesheet.named_keys(uuid[], uuid[])');
