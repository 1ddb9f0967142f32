-- An agent who never paused for so long before. Who works Mondays only is not silent on a Sunday.
CREATE OR REPLACE VIEW timesheet.silent_agents AS
SELECT a.agent_id, a.full_name, g.name AS client_group, d.last_activity_at, d.longest_gap AS longest_gap_before
FROM timesheet.agents AS a
LEFT JOIN timesheet.client_groups AS g ON g.client_group_id = a.client_group_id
CROSS JOIN LATERAL (
  SELECT max(p.at) AS last_activity_at, max(p.at - p.before) AS longest_gap, count(*) AS events
  FROM (
    SELECT e.start_time_utc AS at, lag(e.start_time_utc) OVER (ORDER BY e.start_time_utc) AS before
    FROM timesheet.time_entries AS e
    WHERE e.agent_id = a.agent_id AND e.deleted_at IS NULL AND e.kind < 3
      AND e.start_time_utc > now() - interval '2016 hours' AND e.start_time_utc <= now()
  ) AS p
) AS d
WHERE a.status IS DISTINCT FROM 'Removed' AND d.events >= 10
  AND now() - d.last_activity_at > greatest(d.longest_gap, interval '48 hours') + interval '24 hours'
  AND timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.silent_agents IS
  'Agents who have been silent for at least three days, and a day longer than ever within the last twelve weeks: on '
  'leave, no longer employed, or not recorded any more.';
CALL timesheet.set_grants('TABLE timesheet.silent_agents', 'SELECT TO timesheet_reader');
