CREATE OR REPLACE FUNCTION timesheet.record_pass(command text, error text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  said CONSTANT text := left(timesheet.clean_text(error), 2000);
BEGIN
  IF error IS NULL AND EXISTS (SELECT FROM timesheet.pass_failures AS p
      WHERE p.command = command AND p.failures = 0)
    AND timesheet.last_pass_at() > clock_timestamp() - interval '1 minute' THEN
    RETURN; -- that, of this pass or of another, says enough: most passes find nothing to write
  END IF;
  INSERT INTO timesheet.pass_failures AS p (command, failures, since, last_at, error)
  VALUES (command, CASE WHEN error IS NULL THEN 0 ELSE 1 END, CASE WHEN error IS NOT NULL THEN clock_timestamp() END,
    clock_timestamp(), said)
  ON CONFLICT ON CONSTRAINT pass_failures_pkey DO UPDATE SET
    failures = CASE WHEN excluded.failures = 0 THEN 0 ELSE p.failures + 1 END,
    since = CASE WHEN excluded.failures > 0 THEN coalesce(p.since, excluded.since) END,
    last_at = excluded.last_at, error = excluded.error;
END
$$;
COMMENT ON FUNCTION timesheet.record_pass(text, text) IS
  'Records how a pass ended that leaves no row in timesheet.ingest_runs: contacts, digests or audit; error says why it '
  'failed, null: it worked. Three that failed in a row raise the alert failing_runs. Errors: check_violation for '
  'another command.';
CALL timesheet.set_grants('FUNCTION timesheet.record_pass(text, text)', 'EXECUTE TO timesheet_ingest');
