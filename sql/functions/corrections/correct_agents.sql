-- See lock_agents(). What a change by hand has locked is waited for only briefly, and a little longer each time: that
-- change needs the agents next, so nothing but giving them back helps.
CREATE OR REPLACE FUNCTION timesheet.correct_agents(for_agent int, for_client_group int, revoked bigint DEFAULT NULL,
  at_most text DEFAULT current_setting('lock_timeout')) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET lock_timeout = 0 SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  are_locked CONSTANT boolean := timesheet.agents_are_locked(); -- by the caller, who can give them back
  deadline CONSTANT timestamptz := clock_timestamp() + CASE at_most WHEN '0' THEN '10min' ELSE at_most END::interval;
  patience int := 20; -- milliseconds
  rounds int := 0;
  agents int[];
  changed bigint;
  lock_of text;
  lock_kind text;
BEGIN
  LOOP
    BEGIN
      rounds := rounds + 1;
      IF rounds > 10 AND NOT are_locked THEN -- one run after another was quicker: now it waits in line with them
        PERFORM timesheet.take_lock('writers_lock', at_most);
      END IF;
      agents := timesheet.lock_correction(for_agent, for_client_group);
      PERFORM timesheet.set_revoked(revoked) WHERE revoked IS NOT NULL;
      PERFORM set_config('timesheet.agents_are_locked', 'on', true),
        set_config('lock_timeout', CASE WHEN are_locked THEN at_most ELSE patience::text END, true);
      PERFORM timesheet.rebuild_agent_history(agents);
      changed := timesheet.reassign_workdays(agents);
      PERFORM set_config('timesheet.agents_are_locked', are_locked::text, true);
      RETURN changed;
    EXCEPTION
      WHEN SQLSTATE 'TS001' THEN
        GET STACKED DIAGNOSTICS lock_of = MESSAGE_TEXT, lock_kind = PG_EXCEPTION_DETAIL;
      WHEN lock_not_available OR deadlock_detected THEN
        GET STACKED DIAGNOSTICS lock_of = TABLE_NAME;
        IF are_locked OR lock_of = 'writers_lock' THEN -- the caller gives way; or it waited long enough
          RAISE;
        ELSIF clock_timestamp() > deadline THEN
          RAISE EXCEPTION 'entries of the agents of the correction could not be changed within %: a session holds them',
            CASE at_most WHEN '0' THEN '10min' ELSE at_most END
            USING ERRCODE = 'lock_not_available', HINT = 'Wait until that session has ended its transaction, then try '
              'again; pg_stat_activity shows those that are open.';
        END IF;
        lock_kind := 'writers';
        patience := least(2 * patience, 500);
    END;
    PERFORM timesheet.await_lock(lock_of, lock_kind, at_most);
  END LOOP;
END
$$;
COMMENT ON FUNCTION timesheet.correct_agents(int, int, bigint, text) IS
  'Derives histories and entries of the agents of a correction again, once it is written; revoked: the one that is '
  'taken back. Holds up only writers of these agents. Returns how many entries changed. Errors: lock_not_available, '
  'invalid_transaction_state, and those of timesheet.set_revoked().';
CALL timesheet.set_grants('FUNCTION timesheet.correct_agents(int, int, bigint, text)');
