CREATE OR REPLACE FUNCTION timesheet.replay(since date DEFAULT NULL, until date DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  through_raw_event bigint;
  batch uuid[];
  replayed bigint := 0;
BEGIN
  IF since > until THEN
    RAISE EXCEPTION 'since % is after until %', since, until
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the first workday and the day after the last one.';
  END IF;
  PERFORM timesheet.require_writable();
  PERFORM timesheet.lock_writers();
  IF since IS NULL AND until IS NULL THEN
    PERFORM timesheet.lock_raw_events();
    SELECT coalesce(max(r.raw_event_id), 0) INTO through_raw_event FROM timesheet.raw_events AS r;
    DELETE FROM timesheet.ingest_problems;
    DELETE FROM timesheet.attribute_history;
    DELETE FROM timesheet.agent_history; -- agents without one get a new one
    -- What no raw event has did not come from Jibble.
    DELETE FROM timesheet.time_entries AS e WHERE NOT EXISTS (
      SELECT FROM timesheet.raw_events AS r WHERE r.jibble_id = e.jibble_activity_id AND r.resource = 'TimeEntries'
        AND r.payload IS NOT NULL);
    DELETE FROM timesheet.hour_entries AS e WHERE NOT EXISTS (
      SELECT FROM timesheet.raw_events AS r WHERE r.jibble_id = e.jibble_id AND r.resource = 'HourEntries'
        AND r.payload IS NOT NULL);
    PERFORM timesheet.normalise(0, through_raw_event);
    UPDATE timesheet.ingest_state SET normalised_through = through_raw_event
    WHERE normalised_through <> through_raw_event;
    RETURN (SELECT count(*) FROM timesheet.time_entries) + (SELECT count(*) FROM timesheet.hour_entries);
  END IF;
  PERFORM timesheet.reassign_changed_zones();
  FOR batch IN
    SELECT array_agg(n.id) FROM (
      SELECT e.jibble_activity_id AS id, row_number() OVER (ORDER BY e.agent_id, e.start_time_utc) / 1000 AS number
      FROM timesheet.time_entries AS e
      WHERE (since IS NULL OR e.workday >= since) AND (until IS NULL OR e.workday < until)
    ) AS n GROUP BY n.number
  LOOP
    PERFORM timesheet.normalise_objects('TimeEntries', batch);
    replayed := replayed + cardinality(batch);
  END LOOP;
  FOR batch IN
    SELECT array_agg(e.jibble_id) FROM timesheet.hour_entries AS e
    WHERE (since IS NULL OR e.workday >= since) AND (until IS NULL OR e.workday < until)
    HAVING count(*) > 0
  LOOP
    PERFORM timesheet.normalise_objects('HourEntries', batch);
    replayed := replayed + cardinality(batch);
  END LOOP;
  RETURN replayed;
END
$$;
COMMENT ON FUNCTION timesheet.replay(date, date) IS
  'Rebuilds the normalised tables from raw_events, settings and corrections; ids stay and every hour stays the same. '
  'With bounds, only the entries whose workday lies in [since, until). Returns how many entries were rebuilt.';
CALL timesheet.set_grants('FUNCTION timesheet.replay(date, date)', 'EXECUTE TO timesheet_ingest');
