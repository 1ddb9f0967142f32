CREATE OR REPLACE FUNCTION timesheet.store_objects(for_run bigint, of_resource text, ids uuid[], objects json[],
  OUT new_rows int, OUT changed_rows int)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  first_ones int[];
  later_ones int[];
  again int;
BEGIN
  -- An object can come twice: first all first ones are stored, then the others one by one, each against the one before
  -- it.
  -- Without an id objects differ by their text alone, so the same again is nothing new.
  SELECT array_agg(t.n ORDER BY t.n) FILTER (WHERE t.turn = 1),
    array_agg(t.n ORDER BY t.n) FILTER (WHERE t.turn > 1 AND t.id IS NOT NULL)
  INTO first_ones, later_ones
  FROM (SELECT u.n, u.id, row_number()
    OVER (PARTITION BY u.id, CASE WHEN u.id IS NULL THEN objects[u.n]::text END ORDER BY u.n) AS turn
        FROM unnest(ids) WITH ORDINALITY AS u (id, n)) AS t;

  WITH judged AS MATERIALIZED ( -- without the payloads, which are large
    SELECT u.n, stored.is_same
    FROM unnest(first_ones) AS u (n)
    LEFT JOIN LATERAL (
      (SELECT coalesce(CASE
                WHEN r.payload::text = CASE WHEN r.reduced_at IS NULL THEN objects[u.n]
                  ELSE timesheet.reduced_payload(of_resource, objects[u.n],
                    timesheet.erased_name(of_resource, ids[u.n], objects[u.n])) END::text THEN NOT CASE
                  WHEN of_resource IN ('People', 'TimeTrackingPeople')
                  THEN timesheet.shows_another_zone(of_resource, ids[u.n], objects[u.n], r.raw_event_id) ELSE false END
                WHEN of_resource = 'People' THEN timesheet.lacks_zones_only(objects[u.n], r.payload) END,
              false) AS is_same
       FROM timesheet.raw_events AS r
       WHERE r.jibble_id = ids[u.n] AND r.resource = of_resource ORDER BY r.raw_event_id DESC LIMIT 1)
      UNION ALL
      (SELECT true FROM timesheet.raw_events AS r
       WHERE ids[u.n] IS NULL AND r.jibble_id IS NULL AND r.resource = of_resource
         AND md5(r.payload::text) IN (md5(objects[u.n]::text),
           md5(timesheet.reduced_payload(of_resource, objects[u.n])::text)) LIMIT 1)
    ) AS stored ON true
  ), kept AS (
    INSERT INTO timesheet.raw_events (resource, jibble_id, payload, ingest_run_id)
    SELECT of_resource, ids[j.n], objects[j.n], for_run FROM judged AS j WHERE j.is_same IS NOT TRUE
  )
  SELECT count(*) FILTER (WHERE j.is_same IS NULL), count(*) FILTER (WHERE NOT j.is_same) INTO new_rows, changed_rows
  FROM judged AS j;

  FOREACH again IN ARRAY coalesce(later_ones, '{}') LOOP
    INSERT INTO timesheet.raw_events (resource, jibble_id, payload, ingest_run_id)
    SELECT of_resource, ids[again], objects[again], for_run
    FROM (SELECT r.payload, r.reduced_at FROM timesheet.raw_events AS r
          WHERE r.jibble_id = ids[again] AND r.resource = of_resource ORDER BY r.raw_event_id DESC LIMIT 1) AS last
    WHERE last.payload::text IS DISTINCT FROM CASE WHEN last.reduced_at IS NULL THEN objects[again]
      ELSE timesheet.reduced_payload(of_resource, objects[again],
        timesheet.erased_name(of_resource, ids[again], objects[again])) END::text;
    IF FOUND THEN
      changed_rows := changed_rows + 1;
    END IF;
  END LOOP;
END
$$;
COMMENT ON FUNCTION timesheet.store_objects(bigint, text, uuid[], json[]) IS
  'Keeps those of the objects, each with its id or null, that differ from their last stored version. Returns objects '
  'never seen before, and further versions.';
CALL timesheet.set_grants('FUNCTION timesheet.store_objects(bigint, text, uuid[], json[])');
