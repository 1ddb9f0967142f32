-- An object that was never described can be found deleted too: else it would be asked for again and again.
CREATE OR REPLACE FUNCTION timesheet.store_tombstones(for_run bigint, resource text, jibble_ids uuid[]) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  stored int;
BEGIN
  PERFORM timesheet.require_open_run(for_run);
  PERFORM timesheet.lock_raw_events();
  INSERT INTO timesheet.raw_events (resource, jibble_id, payload, ingest_run_id)
  SELECT store_tombstones.resource, deleted.id, NULL, for_run
  FROM (SELECT DISTINCT u.id FROM unnest(jibble_ids) AS u (id)) AS deleted
  WHERE NOT timesheet.is_tombstoned(store_tombstones.resource, deleted.id);
  GET DIAGNOSTICS stored = ROW_COUNT;
  RETURN stored;
END
$$;
COMMENT ON FUNCTION timesheet.store_tombstones(bigint, text, uuid[]) IS
  'Keeps that these objects were found deleted: a raw event without payload for each that is not known to be. Closing '
  'the run marks entries as deleted, people as Removed, groups and activities as Archived; if one comes back, it lives '
  'again. Returns how many were stored.';
CALL timesheet.set_grants('FUNCTION timesheet.store_tombstones(bigint, text, uuid[])', 'EXECUTE TO timesheet_ingest');
