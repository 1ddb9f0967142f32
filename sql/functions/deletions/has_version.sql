CREATE OR REPLACE FUNCTION timesheet.has_version(of_resource text, id uuid) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT EXISTS (SELECT FROM timesheet.raw_events AS r WHERE r.jibble_id = id AND r.resource = of_resource
    AND r.payload IS NOT NULL)
$$;
COMMENT ON FUNCTION timesheet.has_version(text, uuid) IS
  'Whether Jibble has ever shown this object, understood or not.';
CALL timesheet.set_grants('FUNCTION timesheet.has_version(text, uuid)');
