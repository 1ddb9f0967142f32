CREATE OR REPLACE FUNCTION timesheet.replay(since date DEFAULT NULL, until date DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  through_raw_event bigint;
BEGIN
  PERFORM timesheet.require_bounds(since, until);
  PERFORM timesheet.require_writable();
  PERFORM timesheet.require_read_committed();
  PERFORM timesheet.lock_writers();
  IF since IS NOT NULL OR until IS NOT NULL THEN
    PERFORM timesheet.lock_agents(ARRAY(SELECT a.agent_id FROM timesheet.agents AS a));
    PERFORM timesheet.reassign_changed_zones();
    RETURN timesheet.rebuild_entries(ARRAY(SELECT a.agent_id FROM timesheet.agents AS a), '{}', '{}', since, until);
  END IF;
  PERFORM timesheet.lock_raw_events();
  PERFORM timesheet.lock_agents(ARRAY(SELECT a.agent_id FROM timesheet.agents AS a));
  SELECT coalesce(max(r.raw_event_id), 0) INTO through_raw_event FROM timesheet.raw_events AS r;
  PERFORM timesheet.replay_lists(array_agg(o.resource), array_agg(o.jibble_id), array_agg(o.raw_event_id))
  FROM timesheet.listed_objects(0) AS o;
  PERFORM timesheet.rebuild_entries(ARRAY(SELECT a.agent_id FROM timesheet.agents AS a),
    ARRAY(SELECT timesheet.entries_without_row('TimeEntries')),
    ARRAY(SELECT timesheet.entries_without_row('HourEntries')), NULL, NULL);
  PERFORM timesheet.show_current(array_agg(a.agent_id)) FROM timesheet.agents AS a;
  UPDATE timesheet.ingest_state SET normalised_through = through_raw_event
  WHERE normalised_through <> through_raw_event;
  RETURN (SELECT count(*) FROM timesheet.time_entries) + (SELECT count(*) FROM timesheet.hour_entries);
END
$$;
COMMENT ON FUNCTION timesheet.replay(date, date) IS
  'Rebuilds the normalised tables from raw_events, settings and corrections; ids stay and every hour stays the same. '
  'With bounds, only the entries whose workday lies in [since, until). Returns how many entries were rebuilt. One '
  'transaction, for which all writers wait: CALL timesheet.replay_in_steps() does the same in parts.';
CALL timesheet.set_grants('FUNCTION timesheet.replay(date, date)', 'EXECUTE TO timesheet_ingest');
