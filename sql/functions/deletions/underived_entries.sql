-- What a run that failed left raw only; not what another has just read whole and is about to derive.
CREATE OR REPLACE FUNCTION timesheet.underived_entries(of_resource text, seen uuid[])
  RETURNS TABLE (jibble_id uuid, on_date text, person_id text, is_dated boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT u.jibble_id, left(coalesce(p.payload ->> 'belongsToDate', p.payload ->> 'date', p.payload ->> 'time'), 10),
    p.payload ->> 'personId', coalesce(p.payload ->> 'belongsToDate', p.payload ->> 'date') IS NOT NULL
  FROM (
    SELECT r.jibble_id, max(r.raw_event_id) AS raw_event_id FROM timesheet.raw_events AS r
    WHERE r.raw_event_id > (SELECT s.normalised_through FROM timesheet.ingest_state AS s) AND r.resource = of_resource
      AND (r.ingest_run_id = ANY (ARRAY(SELECT q.ingest_run_id FROM timesheet.ingest_runs AS q
        WHERE q.status = 'running' AND q.through_raw_event IS NOT NULL))) IS NOT TRUE
      AND r.jibble_id IS NOT NULL AND NOT EXISTS (SELECT FROM unnest(seen) AS s (id) WHERE s.id = r.jibble_id)
    GROUP BY r.jibble_id OFFSET 0
  ) AS u
  JOIN timesheet.raw_events AS r USING (raw_event_id)
  CROSS JOIN LATERAL (SELECT timesheet.readable(r.payload) AS payload OFFSET 0) AS p
  WHERE json_typeof(r.payload) = 'object'
$$;
COMMENT ON FUNCTION timesheet.underived_entries(text, uuid[]) IS
  'Entries not among those seen whose last version waits to be derived, with the date it names (else that of its '
  'time), as text (YYYY-MM-DD if it is one), its personId, and whether Jibble gave it a date.';
CALL timesheet.set_grants('FUNCTION timesheet.underived_entries(text, uuid[])');
