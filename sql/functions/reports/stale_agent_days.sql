CREATE OR REPLACE VIEW timesheet.stale_agent_days AS
SELECT DISTINCT s.agent_id, s.workday FROM timesheet.stale_days AS s WHERE timesheet.require_every_row_when_planned();
COMMENT ON VIEW timesheet.stale_agent_days IS 'Agents'' days that the rollups do not know yet, each once.';
CALL timesheet.set_grants('TABLE timesheet.stale_agent_days', 'SELECT TO timesheet_reader');
