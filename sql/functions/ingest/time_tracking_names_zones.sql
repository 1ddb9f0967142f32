CREATE OR REPLACE FUNCTION timesheet.time_tracking_names_zones() RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT EXISTS (
    SELECT FROM timesheet.attribute_history AS o
    WHERE o.resource = 'TimeTrackingPeople' AND (o.sheet_zone IS NOT NULL OR o.culture_zone IS NOT NULL)
      AND NOT EXISTS (SELECT FROM timesheet.attribute_history AS l
                      WHERE l.jibble_id = o.jibble_id AND l.resource = o.resource AND l.raw_event_id > o.raw_event_id))
$$;
COMMENT ON FUNCTION timesheet.time_tracking_names_zones() IS
  'Whether time tracking named any person''s zone when it was last read: else its nulls say nothing, and the '
  'workspace is asked in each pass.';
CALL timesheet.set_grants('FUNCTION timesheet.time_tracking_names_zones()');
