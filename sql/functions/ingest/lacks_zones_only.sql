-- The workspace lists people without zones, and is asked for one person with zones. The one without, if otherwise the
-- same, is not a new version: what an answer leaves out is unknown, not deleted.
CREATE OR REPLACE FUNCTION timesheet.lacks_zones_only(object json, stored json) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN json_typeof(object) = 'object' AND json_typeof(stored) = 'object' THEN
    timesheet.readable(stored)::jsonb - z.members = timesheet.readable(object)::jsonb
    AND timesheet.readable(stored)::jsonb ?| z.members
  ELSE false END
  FROM (SELECT ARRAY['ICultureSettings/TimeZone', 'ICalculationSettings/TimeSheetTimeZone'] AS members) AS z
$$;
COMMENT ON FUNCTION timesheet.lacks_zones_only(json, json) IS
  'Whether this person, as the workspace shows it, is the stored one without its zones, and the same otherwise.';
CALL timesheet.set_grants('FUNCTION timesheet.lacks_zones_only(json, json)');
