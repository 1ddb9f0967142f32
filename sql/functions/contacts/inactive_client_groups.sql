-- A client group that was deleted in Jibble and created again has another id, and mostly the same name.
CREATE OR REPLACE FUNCTION timesheet.inactive_client_groups()
RETURNS TABLE (jibble_id uuid, name text, is_gone boolean, namesakes bigint, successor uuid)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH named AS MATERIALIZED (
    SELECT g.jibble_id, timesheet.clean_text(g.name) AS name, lower(timesheet.clean_text(g.name)) AS folded,
      g.status IS NOT DISTINCT FROM 'Archived' AS is_inactive
    FROM timesheet.client_groups AS g
  ), former AS MATERIALIZED (
    -- One may have been renamed before it was archived, such as to "Acme (old)".
    SELECT DISTINCT n.jibble_id, lower(timesheet.clean_text(timesheet.member(timesheet.readable(r.payload), 'name')))
      AS folded
    FROM named AS n JOIN timesheet.raw_events AS r ON r.resource = 'Groups' AND r.jibble_id = n.jibble_id
    WHERE n.is_inactive
  ), active AS (
    SELECT f.jibble_id, count(*) AS count, min(n.jibble_id::text)::uuid AS successor
    FROM named AS n JOIN former AS f USING (folded) WHERE NOT n.is_inactive GROUP BY f.jibble_id
  )
  SELECT n.jibble_id, n.name, timesheet.is_tombstoned('Groups', n.jibble_id), coalesce(a.count, 0),
    CASE WHEN a.count = 1 THEN a.successor END
  FROM named AS n LEFT JOIN active AS a USING (jibble_id)
  WHERE n.is_inactive
$$;
COMMENT ON FUNCTION timesheet.inactive_client_groups() IS
  'The client groups that Jibble has archived, or no longer has (is_gone): the name, how many active ones have '
  'its name or a former one of it (in any letter case), and the id of that one if it is one.';
CALL timesheet.set_grants('FUNCTION timesheet.inactive_client_groups()');
