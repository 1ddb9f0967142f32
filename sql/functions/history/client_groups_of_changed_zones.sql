CREATE OR REPLACE FUNCTION timesheet.client_groups_of_changed_zones()
RETURNS TABLE (client_group_id int, unknown_time_zone text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT z.client_group_id, z.unknown
  FROM (
    SELECT g.client_group_id, g.unknown_time_zone,
      CASE WHEN timesheet.usable_time_zone(n.given) IS NULL THEN left(n.given, 80) END AS unknown
    FROM timesheet.client_groups AS g CROSS JOIN timesheet.settings AS s
    CROSS JOIN LATERAL (SELECT coalesce(g.time_zone, s.default_time_zone)) AS n (given)
  ) AS z
  WHERE z.unknown IS DISTINCT FROM z.unknown_time_zone
$$;
COMMENT ON FUNCTION timesheet.client_groups_of_changed_zones() IS
  'Client groups of whose reporting zone it is not recorded yet that this server knows it no longer, or knows it '
  'again; with what is to be recorded.';
CALL timesheet.set_grants('FUNCTION timesheet.client_groups_of_changed_zones()');
