-- A poll every five minutes is a hundred thousand rows a year. Those that brought something explain it.
CREATE OR REPLACE FUNCTION timesheet.prune_ingest_runs(keep interval DEFAULT '90 days') RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  pruned bigint;
BEGIN
  DELETE FROM timesheet.ingest_runs AS r
  WHERE r.status <> 'running' AND r.finished_at < now() - keep
    AND NOT EXISTS (SELECT FROM timesheet.raw_events AS e WHERE e.ingest_run_id = r.ingest_run_id)
    -- What says how fresh the feed is stays, and so does the last of each kind.
    AND r.started_at IS DISTINCT FROM (SELECT f.fresh_through FROM timesheet.feed_health AS f)
    AND EXISTS (SELECT FROM timesheet.ingest_runs AS l WHERE l.command = r.command AND l.status = r.status
      AND l.ingest_run_id > r.ingest_run_id);
  GET DIAGNOSTICS pruned = ROW_COUNT;
  RETURN pruned;
END
$$;
COMMENT ON FUNCTION timesheet.prune_ingest_runs(interval) IS
  'Deletes runs that ended longer ago than keep and brought nothing; the last of each command and outcome stays. '
  'Returns how many went.';
CALL timesheet.set_grants('FUNCTION timesheet.prune_ingest_runs(interval)');
