CREATE OR REPLACE FUNCTION timesheet.lock_client_groups(client_groups int[], strength text,
  at_most text DEFAULT current_setting('lock_timeout'), is_kept boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  client_group int;
BEGIN
  FOREACH client_group IN ARRAY coalesce(timesheet.lock_free_client_groups(client_groups, strength), '{}') LOOP
    PERFORM timesheet.wait_for_lock(
      format('SELECT FROM timesheet.client_groups AS g WHERE g.client_group_id = %s FOR %s', client_group, strength),
      'lock of client group ' || client_group, 'client_groups',
      format('SELECT h.* FROM timesheet.client_groups AS g, timesheet.row_lock_holder(''client_groups'', g.xmax) AS h '
        'WHERE g.client_group_id = %s', client_group), at_most, is_kept);
  END LOOP;
END
$$;
COMMENT ON FUNCTION timesheet.lock_client_groups(int[], text, text, boolean) IS
  'Locks these client groups until the transaction ends; strength: SHARE, so that what holds for them does not change '
  '(their week, corrections of their working time), or NO KEY UPDATE, to change it. Waits as timesheet.take_lock() '
  'does. Errors: lock_not_available, naming the client group and the holder.';
CALL timesheet.set_grants('FUNCTION timesheet.lock_client_groups(int[], text, text, boolean)');
