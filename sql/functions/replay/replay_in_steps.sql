-- Without a SET clause, as that allows no COMMIT; so nothing here is looked for along the search path.
CREATE OR REPLACE PROCEDURE timesheet.replay_in_steps(since date DEFAULT NULL, until date DEFAULT NULL)
LANGUAGE plpgsql
AS $$
DECLARE
  of_replay bigint;
  entries bigint;
BEGIN
  COMMIT; -- within a transaction it fails here
  of_replay := timesheet.begin_replay(since, until);
  COMMIT;
  LOOP
    entries := 1000;
    LOOP
      entries := timesheet.replay_step(of_replay, entries);
      COMMIT;
      EXIT WHEN entries IS NULL;
    END LOOP;
    EXIT WHEN timesheet.finish_replay(of_replay);
    COMMIT;
  END LOOP;
END
$$;
COMMENT ON PROCEDURE timesheet.replay_in_steps(date, date) IS
  'timesheet.replay() in steps, each committed: readers see the old or the new state of an agent, a sync waits for at '
  'most one step, and a call goes on where the last one with the same bounds ended. Two at once share the work. Must '
  'be called outside of a transaction.';
CALL timesheet.set_grants('PROCEDURE timesheet.replay_in_steps(date, date)', 'EXECUTE TO timesheet_ingest');
