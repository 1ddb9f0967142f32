-- By ids, as a text search would find "Mon" in every week. An e-mail queued before they were recorded is searched where
-- names are.
CREATE OR REPLACE FUNCTION timesheet.digests_of_agent(of_agent int) RETURNS SETOF bigint
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH labels AS MATERIALIZED (SELECT array_agg(l.label) AS all FROM timesheet.labels_of_agent(of_agent) AS l (label))
  SELECT d.delivery_id FROM timesheet.outgoing_emails AS d
  WHERE of_agent = ANY (d.agent_ids)
    OR EXISTS (SELECT FROM timesheet.digest_figures AS f
      WHERE f.delivery_id = d.delivery_id AND f.agent_id = of_agent)
    OR (d.agent_ids IS NULL AND (
      EXISTS (SELECT FROM jsonb_path_query(d.content, '$.**.agents[*].agent_id') AS i (id)
        WHERE i.id = to_jsonb(of_agent))
      OR EXISTS (
        SELECT FROM (SELECT jsonb_path_query(d.content, '$.**.agent')
          UNION ALL SELECT jsonb_path_query(d.content, '$.**.agents[*]')
          UNION ALL SELECT jsonb_path_query(d.content, '$.**.agents[*].name')
          UNION ALL SELECT jsonb_path_query(d.content, '$.**.more_note_agents[*].name')) AS n (name)
        WHERE jsonb_typeof(n.name) = 'string' AND n.name #>> '{}' = ANY ((SELECT l.all FROM labels AS l)::text[]))))
$$;
COMMENT ON FUNCTION timesheet.digests_of_agent(int) IS
  'The digests and other e-mails, sent or to be sent, that name this agent.';
CALL timesheet.set_grants('FUNCTION timesheet.digests_of_agent(int)');
