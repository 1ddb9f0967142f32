-- The caller's lock_timeout is asked for before the function's own setting hides it.
CREATE OR REPLACE FUNCTION timesheet.take_lock(lock_name text, at_most text DEFAULT current_setting('lock_timeout'))
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET lock_timeout = 0 SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  take CONSTANT text := format('LOCK TABLE timesheet.%I IN SHARE UPDATE EXCLUSIVE MODE', lock_name);
  longest_text CONSTANT text := CASE at_most WHEN '0' THEN '10min' ELSE at_most END;
  longest CONSTANT interval := longest_text;
  silent CONSTANT interval := least('0.5 seconds', longest);
  holder record;
BEGIN
  BEGIN
    EXECUTE take || ' NOWAIT';
    RETURN;
  EXCEPTION WHEN lock_not_available THEN NULL;
  END;
  BEGIN
    PERFORM set_config('lock_timeout', ceil(1000 * extract(epoch FROM silent))::text, true);
    EXECUTE take;
    RETURN;
  EXCEPTION WHEN lock_not_available THEN NULL;
  END;
  SELECT h.* INTO holder FROM timesheet.lock_holder(lock_name) AS h;
  IF longest > silent THEN
    IF holder.holder IS NOT NULL THEN
      RAISE WARNING 'waiting for the %, held by %', replace(lock_name, '_', ' '), holder.holder
        USING ERRCODE = 'lock_not_available';
    END IF;
    BEGIN
      PERFORM set_config('lock_timeout', ceil(1000 * extract(epoch FROM longest - silent))::text, true);
      EXECUTE take;
      RETURN;
    EXCEPTION WHEN lock_not_available THEN NULL;
    END;
    SELECT h.* INTO holder FROM timesheet.lock_holder(lock_name) AS h;
  END IF;
  RAISE EXCEPTION 'the % could not be taken within %: it is held by %', replace(lock_name, '_', ' '), longest_text,
    coalesce(holder.holder, 'one after another')
    USING ERRCODE = 'lock_not_available', SCHEMA = 'timesheet', TABLE = lock_name,
      HINT = coalesce(
        format('Wait for that, or end it by SELECT pg_terminate_backend(%s), then try again.', holder.backend_pid),
        'Try again.');
END
$$;
COMMENT ON FUNCTION timesheet.take_lock(text, text) IS
  'Takes a lock of ours until the transaction ends. Waits as long as lock_timeout says, 10 minutes if it says '
  'nothing, and names the holder in a warning within a second. Errors: lock_not_available, naming the holder.';
CALL timesheet.set_grants('FUNCTION timesheet.take_lock(text, text)');
