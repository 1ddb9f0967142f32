-- Client groups and activities are to Jibble what they are to us: a name, a code and a status.
CREATE OR REPLACE FUNCTION timesheet.normalise_names(of_resource text, ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  EXECUTE format('INSERT INTO timesheet.%I AS o (jibble_id, name, code, status) '
    'SELECT v.jibble_id, x.name, x.code, CASE WHEN v.found_deleted THEN ''Archived'' ELSE x.status END '
    'FROM timesheet.current_versions($1, $2) AS v '
    'CROSS JOIN LATERAL json_to_record(v.payload) AS x (name text, code text, status text) '
    'ORDER BY v.raw_event_id '
    'ON CONFLICT (jibble_id) DO UPDATE SET name = excluded.name, code = excluded.code, status = excluded.status '
    'WHERE (o.name, o.code, o.status) IS DISTINCT FROM (excluded.name, excluded.code, excluded.status)',
    CASE of_resource WHEN 'Groups' THEN 'client_groups' WHEN 'Activities' THEN 'activities' END)
    USING of_resource, ids;
  PERFORM timesheet.write_undescribed(of_resource, ids);
  RETURN 0;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_names(text, uuid[]) IS
  'Writes client groups (Groups) or activities (Activities) of these Jibble ids from their current versions. Returns '
  'how many were newly found deleted; raises at the first that cannot be understood.';
CALL timesheet.set_grants('FUNCTION timesheet.normalise_names(text, uuid[])');
