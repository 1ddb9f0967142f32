CREATE OR REPLACE FUNCTION timesheet.with_known_members(payload json, of_resource text, of_id uuid, of_version bigint)
RETURNS json
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  known json;
BEGIN
  IF json_typeof(payload) IS DISTINCT FROM 'object' THEN
    RETURN payload;
  END IF;
  SELECT json_object_agg(k.name, k.value) INTO known
  FROM (
    SELECT m.name, timesheet.known_member(of_resource, of_id, m.name, of_version) AS value
    FROM unnest(timesheet.lasting_members(of_resource)) AS m (name) WHERE payload -> m.name IS NULL
  ) AS k
  WHERE k.value IS NOT NULL;
  IF known IS NULL THEN
    RETURN payload;
  END IF;
  RETURN (SELECT json_object_agg(e.key, e.value)
    FROM (SELECT * FROM json_each(known) UNION ALL SELECT * FROM json_each(payload)) AS e);
END
$$;
COMMENT ON FUNCTION timesheet.with_known_members(json, text, uuid, bigint) IS
  'The payload of a version, with those of timesheet.lasting_members() that it does not have as earlier versions of '
  'the object had them.';
CALL timesheet.set_grants('FUNCTION timesheet.with_known_members(json, text, uuid, bigint)');
