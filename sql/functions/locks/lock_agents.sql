-- Locks of agents: who may change what is derived of an agent, and who waits.
--
-- A change of an entry marks the days of the entries before and after it, so no other session may change an entry of
-- the agent between the look at them and the commit; and a workday is assigned by the agent's history, so that may not
-- change either. Both are of one agent, so the row of timesheet.agents is the lock, FOR NO KEY UPDATE: readers do not
-- see it, foreign keys do not wait for it, and only the owner of the schema can take it.
--
-- Two kinds of writers:
--   * All but corrections: runs, changes by hand, settings, replays. They take the writers' lock first, one after
--     another, then the agents of what they write, as they come to them. They hold agents while they wait for others.
--   * Corrections (see correct_agents()) do not take the writers' lock. They take all their agents at once or none,
--     and while they wait for one they hold none.
--
-- So no circle of them can come about: of those who hold while they wait there is one at a time, and it waits for
-- corrections alone, which wait for nothing. One exception: a change by hand cannot know its agents before it has
-- changed rows. If a correction comes upon such a row, it gives way: it undoes what it did, and begins again when
-- the change has ended.
--
-- No mark is missed: the trigger mark_time_entries() locks the agents of all rows that a statement changed, then looks
-- for their neighbours in a statement of its own. Of two transactions that change an agent's entries, the one that
-- locks the agent later therefore sees all that the other did, no matter which changed rows first; and its marks are
-- those that it would set if it had begun after the other ended. What reads agent_history, to assign workdays by it,
-- locks the agents before, in a statement of its own, too.
--
-- A transaction by hand with several corrections can lock agents in another order than a second one like it. The
-- server then ends one of them with deadlock_detected; SELECT timesheet.lock_writers() as its first statement
-- prevents that.
CREATE OR REPLACE FUNCTION timesheet.lock_agents(of_agents int[], at_most text DEFAULT current_setting('lock_timeout'),
  is_kept boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  agent int;
BEGIN
  FOREACH agent IN ARRAY coalesce(timesheet.lock_free_agents(of_agents), '{}') LOOP
    PERFORM timesheet.wait_for_lock(
      format('SELECT FROM timesheet.agents AS a WHERE a.agent_id = %s FOR NO KEY UPDATE', agent),
      'lock of agent ' || agent, 'agents',
      format('SELECT h.* FROM timesheet.agents AS a, timesheet.row_lock_holder(''agents'', a.xmax) AS h '
        'WHERE a.agent_id = %s', agent), at_most, is_kept);
  END LOOP;
END
$$;
COMMENT ON FUNCTION timesheet.lock_agents(int[], text, boolean) IS
  'Locks these agents until the transaction ends, against everything else that changes their entries or history; for '
  'who holds the writers'' lock. Waits as timesheet.take_lock() does. What depends on it is read in a later statement. '
  'Errors: lock_not_available, naming the agent and the holder.';
CALL timesheet.set_grants('FUNCTION timesheet.lock_agents(int[], text, boolean)');
