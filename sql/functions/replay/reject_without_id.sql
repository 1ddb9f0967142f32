CREATE OR REPLACE FUNCTION timesheet.reject_without_id(after_raw_event bigint, through_raw_event bigint) RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  INSERT INTO timesheet.ingest_problems (raw_event_id, problem)
  SELECT r.raw_event_id, CASE WHEN timesheet.member(timesheet.readable(r.payload), 'id') ~ '^[0-]+$'
    AND timesheet.member(timesheet.readable(r.payload), 'id') ~ '0'
    THEN 'the object''s id is one of zeros, which is no id' ELSE 'the object has no id in GUID form' END
  FROM timesheet.raw_events AS r
  WHERE r.raw_event_id > after_raw_event AND r.raw_event_id <= through_raw_event
    AND (r.jibble_id IS NULL OR r.jibble_id = '00000000-0000-0000-0000-000000000000')
  ON CONFLICT (raw_event_id) DO NOTHING
$$;
COMMENT ON FUNCTION timesheet.reject_without_id(bigint, bigint) IS
  'Sets down as a problem each raw event in (after, through] whose object has no id.';
CALL timesheet.set_grants('FUNCTION timesheet.reject_without_id(bigint, bigint)');
