CREATE OR REPLACE FUNCTION timesheet.require_read_committed() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
    RAISE EXCEPTION 'entries, and the rules for them, cannot be changed in a % transaction, '
      'which does not see what was committed after it began', current_setting('transaction_isolation')
      USING ERRCODE = 'invalid_transaction_state', HINT = 'Use BEGIN ISOLATION LEVEL READ COMMITTED.';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.require_read_committed() IS
  'Raises invalid_transaction_state in a transaction that keeps one snapshot: it would not see, after it waited for a '
  'lock, what the holder did.';
CALL timesheet.set_grants('FUNCTION timesheet.require_read_committed()');
