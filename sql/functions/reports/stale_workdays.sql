-- The engine is asked for a day once, not for each agent of it: after a change of the settings every day of every agent
-- is stale, and forty short calls take longer than one of all agents.
CREATE OR REPLACE VIEW timesheet.stale_workdays AS
SELECT s.workday, array_agg(DISTINCT s.agent_id) AS agents,
  CASE WHEN min(s.agent_id) = max(s.agent_id) THEN min(s.agent_id) END AS only_agent
FROM timesheet.stale_days AS s WHERE timesheet.require_every_row_when_planned() GROUP BY s.workday;
COMMENT ON VIEW timesheet.stale_workdays IS
  'The days that the rollups do not know yet, each once, with the agents of whom that is so; only_agent is the agent '
  'where there is one alone, else null, which to the engine means all.';
CALL timesheet.set_grants('TABLE timesheet.stale_workdays');
