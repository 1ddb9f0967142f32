-- All that a correction needs, at once or not at all: see lock_agents(). What could be had is given back by the caller,
-- who undoes the part of the transaction in which this was called. That part must be the one that locked: who waits
-- for a part within it that has ended already waits for the whole transaction.
--
-- The group of a correction is locked against a session that puts an agent into it: that reads the group's corrections
-- (see rebuild_agent_history()), and the agent is not one of those that were found here. The agents' groups are locked
-- against a change of their week, which marks only those entries that it can see.
CREATE OR REPLACE FUNCTION timesheet.lock_correction(for_agent int, for_client_group int, OUT agents int[])
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  -- A correction of a group changes what holds for it.
  own_group CONSTANT int[] := CASE WHEN for_agent IS NULL THEN ARRAY[for_client_group] END;
  others int[];
BEGIN
  PERFORM timesheet.require_read_committed();
  IF timesheet.lock_free_client_groups(own_group, 'NO KEY UPDATE') IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'TS001', MESSAGE = for_client_group::text, DETAIL = 'NO KEY UPDATE';
  END IF;
  agents := timesheet.agents_of_correction(for_agent, for_client_group);
  others := timesheet.lock_free_agents(agents);
  IF others IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'TS001', MESSAGE = others[1]::text, DETAIL = 'agent';
  END IF;
  others := timesheet.lock_free_client_groups(
    array_remove(timesheet.client_groups_of_agents(agents) || for_client_group, NULL), 'SHARE');
  IF others IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'TS001', MESSAGE = others[1]::text, DETAIL = 'SHARE';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.lock_correction(int, int) IS
  'Locks what a correction touches until the transaction ends, and returns its agents. Waits for nothing: raises TS001 '
  'with what is not free, for timesheet.await_lock(). Errors: invalid_transaction_state.';
CALL timesheet.set_grants('FUNCTION timesheet.lock_correction(int, int)');
