-- Named by an entry or a person, or by a version that was rejected: nothing says more of it than whether it is there.
CREATE OR REPLACE FUNCTION timesheet.never_described(of_resource text, ids uuid[])
  RETURNS TABLE (jibble_id uuid, found_deleted boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT i.id, l.payload IS NULL FROM unnest(ids) AS i (id)
  CROSS JOIN LATERAL (
    SELECT r.payload FROM timesheet.raw_events AS r
    WHERE r.jibble_id = i.id AND r.resource = of_resource ORDER BY r.raw_event_id DESC LIMIT 1
  ) AS l
  WHERE NOT EXISTS (
    SELECT FROM timesheet.raw_events AS r
    WHERE r.jibble_id = i.id AND r.resource = of_resource AND r.payload IS NOT NULL
      AND NOT EXISTS (SELECT FROM timesheet.ingest_problems AS p WHERE p.raw_event_id = r.raw_event_id))
$$;
COMMENT ON FUNCTION timesheet.never_described(text, uuid[]) IS
  'Those of these Jibble ids of which no version was understood, and whether the last that is known of each is that it '
  'was found deleted.';
CALL timesheet.set_grants('FUNCTION timesheet.never_described(text, uuid[])');
