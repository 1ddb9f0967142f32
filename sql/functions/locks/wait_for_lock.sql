-- Who waits for a part of a transaction that has ended well waits for the whole, even if a larger part is undone later:
-- so a lock that is not kept is given back by the very part that took it.
CREATE OR REPLACE FUNCTION timesheet.wait_for_lock(take text, what text, of_table text, holder_query text, at_most text,
  is_kept boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET lock_timeout = 0 SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  longest_text CONSTANT text := CASE at_most WHEN '0' THEN '10min' ELSE at_most END;
  longest CONSTANT interval := longest_text;
  silent CONSTANT interval := least('0.5 seconds', longest);
  holder record;
BEGIN
  BEGIN
    PERFORM set_config('lock_timeout', ceil(1000 * extract(epoch FROM silent))::text, true);
    EXECUTE take;
    PERFORM timesheet.give_back() WHERE NOT is_kept;
    RETURN;
  EXCEPTION
    WHEN SQLSTATE 'TS001' THEN RETURN;
    WHEN lock_not_available THEN NULL;
  END;
  EXECUTE holder_query INTO holder;
  IF longest > silent THEN
    IF holder.holder IS NOT NULL THEN
      RAISE WARNING 'waiting for the %, held by %', what, holder.holder USING ERRCODE = 'lock_not_available';
    END IF;
    FOR attempt IN 1..2 LOOP
      BEGIN
        PERFORM set_config('lock_timeout', ceil(1000 * extract(epoch FROM longest - silent))::text, true);
        EXECUTE take;
        PERFORM timesheet.give_back() WHERE NOT is_kept;
        RETURN;
      EXCEPTION
        WHEN SQLSTATE 'TS001' THEN RETURN;
        WHEN lock_not_available THEN EXIT;
        WHEN deadlock_detected THEN -- with a correction, perhaps, which gives way at once: see correct_agents()
          IF attempt = 2 THEN
            RAISE;
          END IF;
      END;
    END LOOP;
    EXECUTE holder_query INTO holder;
  END IF;
  RAISE EXCEPTION 'the % could not be taken within %: it is held by %', what, longest_text,
    coalesce(holder.holder, 'one after another')
    USING ERRCODE = 'lock_not_available', SCHEMA = 'timesheet', TABLE = of_table,
      HINT = coalesce(
        format('Wait for that, or end it by SELECT pg_terminate_backend(%s), then try again.', holder.backend_pid),
        'Try again.');
END
$$;
COMMENT ON FUNCTION timesheet.wait_for_lock(text, text, text, text, text, boolean) IS
  'Waits for a lock that could not be had at once, by the statement that takes it. Half a second in silence; then a '
  'warning names the holder, as a query gives it. Errors: lock_not_available after at_most (0: 10 minutes), naming the '
  'holder.';
CALL timesheet.set_grants('FUNCTION timesheet.wait_for_lock(text, text, text, text, text, boolean)');
