CREATE OR REPLACE FUNCTION timesheet.digests_of_agent(of_agent int) RETURNS SETOF bigint
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT d.delivery_id FROM timesheet.outgoing_emails AS d
  WHERE EXISTS (SELECT FROM timesheet.digest_figures AS f
      WHERE f.delivery_id = d.delivery_id AND f.agent_id = of_agent)
    OR EXISTS (SELECT FROM timesheet.agents AS a WHERE a.agent_id = of_agent
      AND strpos(concat(d.content::text, d.html, d.body), a.full_name) > 0)
$$;
COMMENT ON FUNCTION timesheet.digests_of_agent(int) IS
  'The digests and other e-mails, sent or to be sent, that name this agent.';
CALL timesheet.set_grants('FUNCTION timesheet.digests_of_agent(int)');
