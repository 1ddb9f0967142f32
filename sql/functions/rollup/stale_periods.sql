-- Days of one agent that lie close together are computed at once.
CREATE OR REPLACE FUNCTION timesheet.stale_periods(agents int[], days date[])
RETURNS TABLE (agent_id int, since date, until date)
LANGUAGE sql IMMUTABLE -- without a SET clause, so that the planner inlines it
AS $$
  SELECT n.agent_id, min(n.workday), max(n.workday) + 1
  FROM (
    SELECT g.agent_id, g.workday, sum(g.is_new) OVER (PARTITION BY g.agent_id ORDER BY g.workday) AS period
    FROM (
      SELECT d.agent_id, d.workday,
        CASE WHEN d.workday - lag(d.workday) OVER (PARTITION BY d.agent_id ORDER BY d.workday) <= 7 THEN 0 ELSE 1 END
          AS is_new
      FROM unnest(agents, days) AS d (agent_id, workday)
    ) AS g
  ) AS n
  GROUP BY n.agent_id, n.period
$$;
COMMENT ON FUNCTION timesheet.stale_periods(int[], date[]) IS
  'For days of agents (two arrays that belong together) the periods [since, until) of each agent in which no two days '
  'that follow one another lie more than a week apart.';
CALL timesheet.set_grants('FUNCTION timesheet.stale_periods(int[], date[])');
