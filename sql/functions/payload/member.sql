-- For what may be anything.
CREATE OR REPLACE FUNCTION timesheet.member(object json, name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT CASE WHEN pg_catalog.json_typeof(object) = 'object' THEN object ->> name END
$$;
COMMENT ON FUNCTION timesheet.member(json, text) IS
  'A member''s value as text; null where there is none or the value is no object.';
CALL timesheet.set_grants('FUNCTION timesheet.member(json, text)');
