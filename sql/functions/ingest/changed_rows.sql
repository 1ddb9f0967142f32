-- Most polls find nothing new. Then comparing texts is all there is to do: nothing is parsed, locked or written.
CREATE OR REPLACE FUNCTION timesheet.changed_rows(of_resource text, jibble_ids text[], payloads text[]) RETURNS int[]
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off SET enable_memoize = off
  SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  changed int[];
BEGIN
  SELECT coalesce(array_agg(u.n::int ORDER BY u.n), '{}') INTO changed
  FROM (SELECT k.*, count(*) OVER (PARTITION BY k.id) AS times
        FROM unnest(jibble_ids, payloads) WITH ORDINALITY AS k (id, payload, n)) AS u
  LEFT JOIN LATERAL (
    SELECT CASE
      WHEN r.payload::text IS DISTINCT FROM u.payload OR r.reduced_at IS NOT NULL THEN false
      -- Only where the other list of people, which mostly names no zones, has shown something since.
      WHEN of_resource IN ('People', 'TimeTrackingPeople') AND EXISTS (
        SELECT FROM timesheet.raw_events AS o
        WHERE o.jibble_id = r.jibble_id AND o.raw_event_id > r.raw_event_id
          AND o.resource = CASE of_resource WHEN 'People' THEN 'TimeTrackingPeople' ELSE 'People' END
          AND (strpos(o.payload::text, 'imeZone') > 0 OR strpos(o.payload::text, chr(92)) > 0))
      THEN NOT timesheet.shows_another_zone(of_resource, r.jibble_id, r.payload, r.raw_event_id)
      ELSE true END AS is_same
    FROM timesheet.raw_events AS r
    WHERE r.jibble_id = u.id::uuid AND r.resource = of_resource ORDER BY r.raw_event_id DESC LIMIT 1
  ) AS stored ON true
  -- Of an object that comes twice the later one counts, which may be the one that is stored.
  WHERE stored.is_same IS NOT TRUE OR u.times > 1;
  RETURN changed;
END
$$;
COMMENT ON FUNCTION timesheet.changed_rows(text, text[], text[]) IS
  'Of one page of objects the positions, from 1, of those that timesheet.store_page() has to look at: all whose text '
  'is not that of their last stored version, come twice, have no id, or cannot be compared so. It would store nothing '
  'of the others.';
CALL timesheet.set_grants('FUNCTION timesheet.changed_rows(text, text[], text[])', 'EXECUTE TO timesheet_ingest');
