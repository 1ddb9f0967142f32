CREATE OR REPLACE FUNCTION timesheet.await_lock(of_row text, kind text, at_most text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  CASE kind
    WHEN 'writers' THEN PERFORM timesheet.take_lock('writers_lock', at_most);
    WHEN 'agent' THEN PERFORM timesheet.lock_agents(ARRAY[of_row::int], at_most, is_kept => false);
    ELSE PERFORM timesheet.lock_client_groups(ARRAY[of_row::int], kind, at_most, is_kept => false);
  END CASE;
  PERFORM timesheet.give_back(); -- what was free at once
EXCEPTION WHEN SQLSTATE 'TS001' THEN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.await_lock(text, text, text) IS
  'Waits until a lock is free, and does not keep it: that of an agent, of a client group in that strength (kind: as '
  'timesheet.lock_correction() says), or the writers'' lock. Waits as timesheet.take_lock() does. Errors: '
  'lock_not_available.';
CALL timesheet.set_grants('FUNCTION timesheet.await_lock(text, text, text)');
