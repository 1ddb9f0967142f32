CREATE OR REPLACE FUNCTION timesheet.lock_free_client_groups(client_groups int[], strength text) RETURNS int[]
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  others int[];
BEGIN
  EXECUTE format('WITH free AS MATERIALIZED ('
    'SELECT g.client_group_id FROM timesheet.client_groups AS g WHERE g.client_group_id = ANY ($1) '
    'ORDER BY g.client_group_id FOR %s SKIP LOCKED) '
    'SELECT array_agg(g.client_group_id ORDER BY g.client_group_id) FROM timesheet.client_groups AS g '
    'WHERE g.client_group_id = ANY ($1) AND g.client_group_id NOT IN (SELECT f.client_group_id FROM free AS f)',
    strength) INTO others USING client_groups;
  RETURN others;
END
$$;
COMMENT ON FUNCTION timesheet.lock_free_client_groups(int[], text) IS
  'Locks those of these client groups that can be had at once, until the transaction ends. Returns the others, null if '
  'there are none. strength: SHARE, so that what holds for them does not change, or NO KEY UPDATE, to change it.';
CALL timesheet.set_grants('FUNCTION timesheet.lock_free_client_groups(int[], text)');
