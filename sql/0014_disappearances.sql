-- What Jibble no longer shows. It has no list of deletions: an entry is gone if a window that was read
-- whole lacks it and a question for its id finds nothing (its date may just have been edited).

-- Jibble's date is what a window is asked by.
CREATE INDEX time_entries_jibble_date ON timesheet.time_entries (belongs_to_date) WHERE deleted_at IS NULL;
CREATE INDEX hour_entries_date ON timesheet.hour_entries (workday) WHERE deleted_at IS NULL;

CREATE FUNCTION timesheet.unseen_entries(resource text, since date, until date, seen uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
BEGIN
  IF resource = 'TimeEntries' THEN
    RETURN QUERY
      SELECT e.jibble_activity_id FROM timesheet.time_entries AS e
      WHERE e.deleted_at IS NULL AND e.belongs_to_date BETWEEN since AND until
        AND NOT EXISTS (SELECT FROM unnest(seen) AS s (id) WHERE s.id = e.jibble_activity_id)
      ORDER BY e.start_time_utc, e.jibble_activity_id;
  ELSIF resource = 'HourEntries' THEN
    RETURN QUERY
      SELECT e.jibble_id FROM timesheet.hour_entries AS e
      WHERE e.deleted_at IS NULL AND e.workday BETWEEN since AND until
        AND NOT EXISTS (SELECT FROM unnest(seen) AS s (id) WHERE s.id = e.jibble_id)
      ORDER BY e.workday, e.jibble_id;
  ELSE
    RAISE EXCEPTION 'resource "%" has no window of days', resource
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use TimeEntries or HourEntries.';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.unseen_entries(text, date, date, uuid[]) IS
  'Live entries that Jibble dates in [since, until], both included, and that are not among those seen: of a window that was read whole, the ones to ask for by id.';

CREATE FUNCTION timesheet.store_tombstones(for_run bigint, resource text, jibble_ids uuid[]) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  stored int;
BEGIN
  PERFORM timesheet.demand_open_run(for_run);
  PERFORM timesheet.lock_writers();
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
