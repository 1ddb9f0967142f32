-- A job keeps running under its old name after the release that gave it another: pg_cron knows nothing of ours.
CREATE OR REPLACE FUNCTION timesheet.former_jobs() RETURNS text[]
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT '{timesheet-prune-ledger}'::text[]
$$;
COMMENT ON FUNCTION timesheet.former_jobs() IS
  'Names that jobs of ours had in other versions; schedule_jobs() removes what runs under them.';
CALL timesheet.set_grants('FUNCTION timesheet.former_jobs()');
