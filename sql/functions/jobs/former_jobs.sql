-- A job keeps running under its old name after a release that renamed it: pg_cron does not know which are ours.
CREATE OR REPLACE FUNCTION timesheet.former_jobs() RETURNS text[]
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT '{timesheet-prune-ledger,timesheet-watch-feed}'::text[]
$$;
COMMENT ON FUNCTION timesheet.former_jobs() IS
  'Names that jobs of ours had in other versions; schedule_jobs() removes what runs under them.';
CALL timesheet.set_grants('FUNCTION timesheet.former_jobs()');
