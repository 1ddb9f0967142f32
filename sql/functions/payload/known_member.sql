CREATE OR REPLACE FUNCTION timesheet.known_member(of_resource text, of_id uuid, name text,
  before_raw_event bigint DEFAULT NULL) RETURNS json
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  RETURN (SELECT m.value
    FROM timesheet.raw_events AS r
    CROSS JOIN LATERAL (SELECT
      CASE WHEN json_typeof(r.payload) = 'object' THEN timesheet.readable(r.payload) -> name END) AS m (value)
    WHERE r.jibble_id = of_id AND r.resource = of_resource
      AND (before_raw_event IS NULL OR r.raw_event_id < before_raw_event)
      AND m.value IS NOT NULL AND timesheet.is_usable(name, m.value #>> '{}') IS TRUE
    ORDER BY r.raw_event_id DESC LIMIT 1);
END
$$;
COMMENT ON FUNCTION timesheet.known_member(text, uuid, text, bigint) IS
  'What the last version of an object that has this member, before a raw event if one is given, says of it: JSON null '
  'where it says so, null where none has it in a form that can be read.';
CALL timesheet.set_grants('FUNCTION timesheet.known_member(text, uuid, text, bigint)');
