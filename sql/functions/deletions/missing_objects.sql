CREATE OR REPLACE FUNCTION timesheet.missing_objects(resource text, seen uuid[])
  RETURNS TABLE (jibble_id uuid, is_described boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  IF resource NOT IN ('People', 'Groups', 'Activities') THEN
    RAISE EXCEPTION 'resource "%" is not read as one list', resource
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use People, Groups or Activities.';
  END IF;
  RETURN QUERY
    SELECT o.id, o.is_named OR timesheet.has_version(resource, o.id) FROM (
      SELECT a.jibble_id AS id, a.full_name IS NOT NULL AS is_named FROM timesheet.agents AS a
      WHERE resource = 'People' AND a.status IS DISTINCT FROM 'Removed'
      UNION ALL
      SELECT g.jibble_id, g.name IS NOT NULL FROM timesheet.client_groups AS g
      WHERE resource = 'Groups' AND g.status IS DISTINCT FROM 'Archived'
      UNION ALL
      SELECT c.jibble_id, c.name IS NOT NULL FROM timesheet.activities AS c
      WHERE resource = 'Activities' AND c.status IS DISTINCT FROM 'Archived'
    ) AS o
    WHERE NOT EXISTS (SELECT FROM unnest(seen) AS s (id) WHERE s.id = o.id)
    ORDER BY random(); -- a pass asks for a limited number: each gets its turn
END
$$;
COMMENT ON FUNCTION timesheet.missing_objects(text, uuid[]) IS
  'People, groups or activities that are not among those listed: shown once, whether with a name or not, and not '
  'Removed or Archived since, or named by an entry or a person and never shown. In no order.';
CALL timesheet.set_grants('FUNCTION timesheet.missing_objects(text, uuid[])', 'EXECUTE TO timesheet_ingest');
