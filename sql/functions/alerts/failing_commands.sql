-- Three in a row, as one that fails alone is made good by the next.
CREATE OR REPLACE VIEW timesheet.failing_commands AS
SELECT r.command, r.times, r.since, r.last_at, r.error,
  r.command NOT IN ('sync', 'nightly') AND r.last_at <= now() - interval '48 hours' AS is_given_up
FROM (
  SELECT c.command, f.times, f.since, f.last_at, f.error
  FROM unnest(ARRAY['sync', 'nightly', 'backfill']) AS c (command)
  CROSS JOIN LATERAL (
    SELECT coalesce(max(l.id), 0) AS id FROM unnest(ARRAY['succeeded', 'cut']) AS s (status)
    CROSS JOIN LATERAL (SELECT max(r.ingest_run_id) AS id FROM timesheet.ingest_runs AS r
      WHERE r.status = s.status AND r.command = c.command) AS l) AS worked
  CROSS JOIN LATERAL (
    SELECT count(*) AS times, min(r.started_at) AS since, max(r.finished_at) AS last_at,
      (array_agg(r.error ORDER BY r.ingest_run_id DESC))[1] AS error
    FROM (SELECT r.* FROM timesheet.ingest_runs AS r
      WHERE r.status = 'failed' AND r.command = c.command AND r.ingest_run_id > worked.id
      ORDER BY r.ingest_run_id DESC LIMIT 100) AS r) AS f
  UNION ALL
  SELECT p.command, p.failures, p.since, p.last_at, p.error FROM timesheet.pass_failures AS p
) AS r
WHERE r.times >= 3;
COMMENT ON VIEW timesheet.failing_commands IS
  'The commands of timesheetd whose last three runs or passes failed, up to a hundred of them. is_given_up: it was not '
  'tried for 48 hours; not of sync and nightly, without which hours fall behind, so that they count until one works.';
CALL timesheet.set_grants('TABLE timesheet.failing_commands');
