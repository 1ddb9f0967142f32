-- One that Jibble shows without a name, or in a way that is rejected, would be shown so again.
CREATE OR REPLACE FUNCTION timesheet.unknown_objects() RETURNS TABLE (resource text, jibble_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT o.resource, o.id FROM (
    SELECT 'People' AS resource, a.jibble_id AS id FROM timesheet.agents AS a
      WHERE a.full_name IS NULL AND a.status IS DISTINCT FROM 'Removed'
    UNION ALL
    SELECT 'Groups', g.jibble_id FROM timesheet.client_groups AS g
      WHERE g.name IS NULL AND g.status IS DISTINCT FROM 'Archived'
    UNION ALL
    SELECT 'Activities', c.jibble_id FROM timesheet.activities AS c
      WHERE c.name IS NULL AND c.status IS DISTINCT FROM 'Archived'
  ) AS o
  WHERE NOT timesheet.has_version(o.resource, o.id)
$$;
COMMENT ON FUNCTION timesheet.unknown_objects() IS
  'People, groups and activities that an entry or a person names, that Jibble has never shown, not even without a '
  'name, and that were not found deleted.';
CALL timesheet.set_grants('FUNCTION timesheet.unknown_objects()', 'EXECUTE TO timesheet_ingest');
