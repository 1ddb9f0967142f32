-- Without a SET clause, as that allows no COMMIT; so nothing here is looked for along the search path.
CREATE OR REPLACE PROCEDURE timesheet.refresh_in_steps()
LANGUAGE plpgsql
AS $$
DECLARE
  last_mark bigint := 0;
  at_most int := 20;
BEGIN
  COMMIT; -- within a transaction it fails here
  LOOP
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SELECT s.last_mark, s.next_at_most INTO last_mark, at_most
    FROM timesheet.refresh_step(last_mark, at_most) AS s;
    COMMIT;
    EXIT WHEN last_mark IS NULL;
  END LOOP;
END
$$;
COMMENT ON PROCEDURE timesheet.refresh_in_steps() IS
  'timesheet.refresh() in steps of about half a second, each committed, until all is stored that was marked, but days '
  'with a running session. Ends at once where another refresh is at work. Must be called outside of a transaction.';
CALL timesheet.set_grants('PROCEDURE timesheet.refresh_in_steps()', 'EXECUTE TO timesheet_ingest');
