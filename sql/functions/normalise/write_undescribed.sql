-- Of an object of which no version was understood only one thing is known: whether it is there.
CREATE OR REPLACE FUNCTION timesheet.write_undescribed(of_resource text, ids uuid[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  target text := CASE of_resource WHEN 'Groups' THEN 'client_groups' WHEN 'Activities' THEN 'activities'
    WHEN 'People' THEN 'agents' END;
  status_if_deleted CONSTANT text := CASE of_resource WHEN 'People' THEN 'Removed' ELSE 'Archived' END;
BEGIN
  EXECUTE format('INSERT INTO timesheet.%I AS o (jibble_id, status) '
    'SELECT n.jibble_id, $1 FROM timesheet.never_described($2, $3) AS n WHERE n.found_deleted '
    'ON CONFLICT (jibble_id) DO UPDATE SET status = excluded.status WHERE o.status IS DISTINCT FROM excluded.status',
    target) USING status_if_deleted, of_resource, ids;
  EXECUTE format('UPDATE timesheet.%I AS o SET status = NULL FROM timesheet.never_described($1, $2) AS n '
    'WHERE o.jibble_id = n.jibble_id AND NOT n.found_deleted AND o.status IS NOT NULL', target) USING of_resource, ids;
END
$$;
COMMENT ON FUNCTION timesheet.write_undescribed(text, uuid[]) IS
  'Writes the status of those of these Groups, Activities or People of which no version was understood: Archived or '
  'Removed where the object was found deleted, else null.';
CALL timesheet.set_grants('FUNCTION timesheet.write_undescribed(text, uuid[])');
