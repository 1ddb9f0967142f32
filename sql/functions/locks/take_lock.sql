-- The caller's lock_timeout is asked for before the function's own setting hides it.
CREATE OR REPLACE FUNCTION timesheet.take_lock(lock_name text, at_most text DEFAULT current_setting('lock_timeout'))
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  take CONSTANT text := format('LOCK TABLE timesheet.%I IN SHARE UPDATE EXCLUSIVE MODE', lock_name);
BEGIN
  BEGIN
    EXECUTE take || ' NOWAIT';
    RETURN;
  EXCEPTION WHEN lock_not_available THEN NULL;
  END;
  PERFORM timesheet.wait_for_lock(take, replace(lock_name, '_', ' '), lock_name,
    format('SELECT h.* FROM timesheet.lock_holder(%L) AS h', lock_name), at_most, is_kept => true);
END
$$;
COMMENT ON FUNCTION timesheet.take_lock(text, text) IS
  'Takes a lock of ours until the transaction ends. Waits as long as lock_timeout says, 10 minutes if it says '
  'nothing, and names the holder in a warning within a second. Errors: lock_not_available, naming the holder.';
CALL timesheet.set_grants('FUNCTION timesheet.take_lock(text, text)');
