-- Always in the same order and form, so that two reduced payloads can be compared as texts.
CREATE OR REPLACE FUNCTION timesheet.reduced_payload(of_resource text, payload json, neutral_name text DEFAULT NULL)
RETURNS json
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  kept json;
BEGIN
  IF payload IS NULL THEN
    RETURN NULL; -- a tombstone
  END IF;
  SELECT json_object_agg(m.name, m.value ORDER BY m.place) INTO kept
  FROM (
    SELECT k.name, k.place, CASE
      WHEN neutral_name IS NOT NULL AND k.name = 'fullName' THEN to_json(neutral_name)
      -- What is no id or time may be anything, and stays as unreadable as it was.
      WHEN neutral_name IS NOT NULL AND (
          (k.name IN ('personId', 'activityId', 'groupId') AND NOT timesheet.is_no_id(g.value #>> '{}')
            AND timesheet.guid_or_null(g.value #>> '{}') IS NULL)
          OR (k.name = 'time' AND g.value #>> '{}' ~ '[^0-9T:.Z+-]'))
        THEN to_json('erased'::text)
      ELSE g.value END AS value
    FROM unnest(ARRAY['id', 'updatedAt'] || array_remove(timesheet.lasting_members(of_resource), 'updatedAt'))
      WITH ORDINALITY AS k (name, place)
    CROSS JOIN LATERAL (SELECT
      CASE WHEN json_typeof(payload) = 'object' THEN timesheet.readable(payload) -> k.name END) AS g (value)
    WHERE neutral_name IS NULL OR k.name NOT IN ('email', 'code')
  ) AS m
  WHERE m.value IS NOT NULL;
  RETURN coalesce(kept, '{}');
END
$$;
COMMENT ON FUNCTION timesheet.reduced_payload(text, json, text) IS
  'What hours are made of in an object of people or entries: its id, when it was changed, and '
  'timesheet.lasting_members(); no note, place, picture or device. With a neutral name it has that and neither address '
  'nor code, and "erased" for an id or a time that cannot be read. {} for what is no object; null for a tombstone.';
CALL timesheet.set_grants('FUNCTION timesheet.reduced_payload(text, json, text)');
