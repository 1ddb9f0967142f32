-- It is made and undone, so that what is said is what will be. Its agents are locked meanwhile, as by the correction
-- itself, and it gives way as that does: see correct_agents().
CREATE OR REPLACE FUNCTION timesheet.preview_correction(kind text, arguments jsonb, OUT entries bigint,
  OUT weeks date[], OUT digests jsonb)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  at_most CONSTANT text := current_setting('lock_timeout');
  deadline CONSTANT timestamptz := clock_timestamp() + CASE at_most WHEN '0' THEN '10min' ELSE at_most END::interval;
  patience int := 20; -- milliseconds
  wanted record;
  touched int[];
  lock_of text;
  lock_kind text;
BEGIN
  IF jsonb_typeof(arguments) IS DISTINCT FROM 'object' THEN
    RAISE EXCEPTION 'the arguments are %, not an object', coalesce(left(arguments::text, 80), 'null')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give those of the function by name.';
  END IF;
  PERFORM timesheet.require_writable();
  SELECT coalesce(w.for_agent, c.agent_id) AS for_agent,
    coalesce(w.for_client_group, c.client_group_id) AS for_group
  INTO wanted
  FROM jsonb_to_record(arguments) AS w (for_agent int, for_client_group int, correction bigint)
  LEFT JOIN timesheet.corrections AS c
    ON preview_correction.kind = 'revoke_correction' AND c.correction_id = w.correction;
  LOOP
    BEGIN
      touched := timesheet.lock_correction(wanted.for_agent, wanted.for_group);
      PERFORM set_config('timesheet.agents_are_locked', 'on', true), set_config('lock_timeout', patience::text, true);
      SELECT e.* INTO entries, weeks, digests FROM timesheet.correction_effect(kind, arguments, touched) AS e;
      RAISE EXCEPTION USING ERRCODE = 'TS000', MESSAGE = 'undone'; -- variables keep what was found
    EXCEPTION
      WHEN SQLSTATE 'TS001' THEN
        GET STACKED DIAGNOSTICS lock_of = MESSAGE_TEXT, lock_kind = PG_EXCEPTION_DETAIL;
      WHEN SQLSTATE 'TS000' THEN RETURN; -- after the other, as one that ends with 000 is all of its class
      WHEN lock_not_available OR deadlock_detected THEN
        IF clock_timestamp() > deadline THEN
          RAISE;
        END IF;
        lock_kind := 'writers';
        patience := least(2 * patience, 500);
    END;
    PERFORM timesheet.await_lock(lock_of, lock_kind, at_most);
  END LOOP;
END
$$;
COMMENT ON FUNCTION timesheet.preview_correction(text, jsonb) IS
  'What a correction would do, without making it. kind: set_working_time, assign_client_group or revoke_correction; '
  'arguments: those of that function by name. entries: how many would change; weeks: the first day of each week in '
  'which a client group''s day has other entries or another end then; digests: what was sent, or is on its way, of '
  'such days: [{"delivery", "email", "week"}], the last of each contact and week. Errors: those of the function.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.preview_correction(text, jsonb)',
  'EXECUTE TO timesheet_operator');
