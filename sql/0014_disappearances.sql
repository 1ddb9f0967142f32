-- What Jibble no longer shows. It has no list of deletions: an entry is gone if a window that was read
-- whole lacks it and a question for its id finds nothing (its date may just have been edited).

-- Jibble's date is what a window is asked by.
CREATE INDEX time_entries_jibble_date ON timesheet.time_entries (belongs_to_date) WHERE deleted_at IS NULL;
CREATE INDEX hour_entries_date ON timesheet.hour_entries (workday) WHERE deleted_at IS NULL;

-- What a run that failed left raw only; not what another has just read whole and is about to derive.
CREATE FUNCTION timesheet.underived_entries(of_resource text, seen uuid[]) RETURNS TABLE (jibble_id uuid, on_date text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  SELECT u.jibble_id, left(coalesce(timesheet.readable(r.payload) ->> 'belongsToDate', timesheet.readable(r.payload) ->> 'date'), 10)
  FROM (
    SELECT r.jibble_id, max(r.raw_event_id) AS raw_event_id FROM timesheet.raw_events AS r
    WHERE r.raw_event_id > (SELECT s.normalised_through FROM timesheet.ingest_state AS s) AND r.resource = of_resource
      AND (r.ingest_run_id = ANY (ARRAY(SELECT q.ingest_run_id FROM timesheet.ingest_runs AS q WHERE q.status = 'running' AND q.through_raw_event IS NOT NULL))) IS NOT TRUE
      AND r.jibble_id IS NOT NULL AND NOT EXISTS (SELECT FROM unnest(seen) AS s (id) WHERE s.id = r.jibble_id)
    GROUP BY r.jibble_id OFFSET 0
  ) AS u
  JOIN timesheet.raw_events AS r USING (raw_event_id)
  WHERE json_typeof(r.payload) = 'object'
$$;
COMMENT ON FUNCTION timesheet.underived_entries(text, uuid[]) IS
  'Entries not among those seen whose last version waits to be derived, with the date it names, as text (YYYY-MM-DD if it is one).';

CREATE FUNCTION timesheet.held_entries(resource text, since date, until date) RETURNS bigint
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  SELECT CASE resource
    WHEN 'TimeEntries' THEN (SELECT count(*) FROM timesheet.time_entries AS e WHERE e.deleted_at IS NULL AND e.belongs_to_date BETWEEN since AND until)
    WHEN 'HourEntries' THEN (SELECT count(*) FROM timesheet.hour_entries AS e WHERE e.deleted_at IS NULL AND e.workday BETWEEN since AND until)
  END
$$;
COMMENT ON FUNCTION timesheet.held_entries(text, date, date) IS 'How many live entries Jibble dates in [since, until], both included. resource: TimeEntries or HourEntries.';

CREATE FUNCTION timesheet.unseen_entries(resource text, since date, until date, seen uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO' SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
BEGIN
  IF resource = 'TimeEntries' THEN
    RETURN QUERY
      SELECT e.jibble_activity_id FROM timesheet.time_entries AS e
      WHERE e.deleted_at IS NULL AND e.belongs_to_date BETWEEN since AND until
        AND NOT EXISTS (SELECT FROM unnest(seen) AS s (id) WHERE s.id = e.jibble_activity_id)
      UNION
      SELECT u.jibble_id FROM timesheet.underived_entries(resource, seen) AS u WHERE u.on_date BETWEEN since::text AND until::text;
  ELSIF resource = 'HourEntries' THEN
    RETURN QUERY
      SELECT e.jibble_id FROM timesheet.hour_entries AS e
      WHERE e.deleted_at IS NULL AND e.workday BETWEEN since AND until
        AND NOT EXISTS (SELECT FROM unnest(seen) AS s (id) WHERE s.id = e.jibble_id)
      UNION
      SELECT u.jibble_id FROM timesheet.underived_entries(resource, seen) AS u WHERE u.on_date BETWEEN since::text AND until::text;
  ELSE
    RAISE EXCEPTION 'resource "%" has no window of days', resource
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use TimeEntries or HourEntries.';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.unseen_entries(text, date, date, uuid[]) IS
  'Entries that Jibble dates in [since, until], both included, live or not yet derived, and that are not among those seen: of a window that was read whole, the ones to ask for by id.';

CREATE FUNCTION timesheet.store_tombstones(for_run bigint, resource text, jibble_ids uuid[]) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  stored int;
BEGIN
  PERFORM timesheet.demand_open_run(for_run);
  PERFORM timesheet.lock_raw_events();
  INSERT INTO timesheet.raw_events (resource, jibble_id, payload, ingest_run_id)
  SELECT store_tombstones.resource, gone.id, NULL, for_run
  FROM (SELECT DISTINCT u.id FROM unnest(jibble_ids) AS u (id)) AS gone
  CROSS JOIN LATERAL (
    SELECT r.payload FROM timesheet.raw_events AS r
    WHERE r.jibble_id = gone.id AND r.resource = store_tombstones.resource ORDER BY r.raw_event_id DESC LIMIT 1
  ) AS last
  WHERE last.payload IS NOT NULL;
  GET DIAGNOSTICS stored = ROW_COUNT;
  RETURN stored;
END
$$;
COMMENT ON FUNCTION timesheet.store_tombstones(bigint, text, uuid[]) IS
  'Keeps that these objects were found gone: a raw event without payload for each that was there. Closing the run marks the entries as deleted; if one comes back, it lives again. Returns how many were stored.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (14, '0014_disappearances');
