-- What is no text, or blanks, names no zone, as timesheetd sees it where it looks for a list that names any.
CREATE OR REPLACE FUNCTION timesheet.zone_text(payload json, member text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN json_typeof(payload -> member) = 'string' THEN timesheet.clean_text(payload ->> member) END
$$;
COMMENT ON FUNCTION timesheet.zone_text(json, text) IS
  'The zone that a member of an object names, without blanks around it; null where it names none.';
CALL timesheet.set_grants('FUNCTION timesheet.zone_text(json, text)');
