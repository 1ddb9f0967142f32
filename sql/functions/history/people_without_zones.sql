-- As stored, not as derived: the lists were read a moment ago.
CREATE OR REPLACE FUNCTION timesheet.people_without_zones(listed uuid[], with_zones uuid[])
RETURNS TABLE (jibble_id uuid, has_zone boolean)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT p.id, EXISTS (
    SELECT FROM timesheet.raw_events AS r
    CROSS JOIN LATERAL (
      SELECT CASE WHEN json_typeof(r.payload) = 'object' THEN timesheet.readable(r.payload) END) AS v (payload)
    WHERE r.jibble_id = p.id
      AND (r.resource = 'TimeTrackingPeople'
          AND (v.payload -> 'timeZone' IS NOT NULL OR v.payload -> 'timeSheetTimeZone' IS NOT NULL)
        OR r.resource = 'People' AND (v.payload -> 'ICultureSettings/TimeZone' IS NOT NULL
          OR v.payload -> 'ICalculationSettings/TimeSheetTimeZone' IS NOT NULL))) AS has_zone
  FROM (SELECT DISTINCT l.id FROM unnest(listed) AS l (id)
    WHERE NOT EXISTS (SELECT FROM unnest(with_zones) AS z (id) WHERE z.id = l.id)) AS p
  WHERE (timesheet.known_member('People', p.id, 'status') #>> '{}') IS DISTINCT FROM 'Removed'
  ORDER BY has_zone, random() -- a pass asks for a limited number: each gets its turn
$$;
COMMENT ON FUNCTION timesheet.people_without_zones(uuid[], uuid[]) IS
  'The people that the workspace lists, the list of zones lacks and that are not Removed, and whether a stored '
  'version says which zone they have, or that they have none. Those without come first.';
CALL timesheet.set_grants('FUNCTION timesheet.people_without_zones(uuid[], uuid[])', 'EXECUTE TO timesheet_ingest');
