CREATE OR REPLACE FUNCTION timesheet.labels_of_agent(of_agent int) RETURNS SETOF text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH known AS MATERIALIZED (
    SELECT a.full_name AS name, a.code, a.email FROM timesheet.agents AS a WHERE a.agent_id = of_agent
    UNION
    SELECT timesheet.clean_text(o.object ->> 'fullName'), timesheet.clean_text(o.object ->> 'code'),
      timesheet.clean_text(o.object ->> 'email')
    FROM timesheet.agents AS a JOIN timesheet.raw_events AS r USING (jibble_id)
    CROSS JOIN LATERAL (SELECT CASE WHEN json_typeof(r.payload) = 'object'
      THEN timesheet.readable(r.payload) END) AS o (object)
    WHERE a.agent_id = of_agent AND r.resource IN ('People', 'TimeTrackingPeople')
  ), names AS (
    SELECT k.name FROM known AS k WHERE k.name IS NOT NULL
    UNION SELECT timesheet.short_name(k.name) FROM known AS k WHERE k.name IS NOT NULL
  ), marks AS (
    SELECT k.code AS mark FROM known AS k WHERE k.code IS NOT NULL
    UNION SELECT k.email FROM known AS k WHERE k.email IS NOT NULL
    UNION SELECT 'no. ' || of_agent
  ), marked AS (
    SELECT n.name AS label FROM names AS n
    UNION SELECT format('%s (%s)', n.name, m.mark) FROM names AS n CROSS JOIN marks AS m
  )
  SELECT m.label FROM marked AS m UNION SELECT format('%s (no. %s)', m.label, of_agent) FROM marked AS m
$$;
COMMENT ON FUNCTION timesheet.labels_of_agent(int) IS
  'What this agent is or was called in reports and e-mails: each name that Jibble has given, whole and as '
  'timesheet.short_name() cuts it, alone and with what timesheet.distinct_names() adds.';
CALL timesheet.set_grants('FUNCTION timesheet.labels_of_agent(int)');
