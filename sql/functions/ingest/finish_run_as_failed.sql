-- What was read counts, though the run failed: one question without an answer must not keep the rest out.
CREATE OR REPLACE FUNCTION timesheet.finish_run_as_failed(for_run bigint, error text, OUT new bigint,
  OUT changed bigint,
  OUT deleted bigint, OUT rejected bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  SELECT f.new, f.changed, f.deleted, f.rejected INTO new, changed, deleted, rejected
    FROM timesheet.finish_run(for_run) AS f;
  UPDATE timesheet.ingest_runs AS r SET status = 'failed', error = finish_run_as_failed.error,
    is_unproven = true
    WHERE r.ingest_run_id = for_run;
END
$$;
COMMENT ON FUNCTION timesheet.finish_run_as_failed(bigint, text) IS
  'As timesheet.finish_run(), but closes the run as failed, for this reason: what was read is derived, but what is no '
  'longer shown could not be proven deleted (is_unproven).';
CALL timesheet.set_grants('FUNCTION timesheet.finish_run_as_failed(bigint, text)', 'EXECUTE TO timesheet_ingest');
