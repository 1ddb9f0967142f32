-- As timesheet.known_member(), which fills in what a version does not have; but not JSON null, which names no person.
CREATE OR REPLACE FUNCTION timesheet.person_of_entry(of_resource text, id uuid, of_version bigint DEFAULT NULL)
RETURNS uuid
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT p.person FROM timesheet.raw_events AS r
  CROSS JOIN LATERAL (
    SELECT timesheet.guid_or_null(timesheet.member(timesheet.readable(r.payload), 'personId'))) AS p (person)
  WHERE r.jibble_id = person_of_entry.id AND r.resource = of_resource AND p.person IS NOT NULL
  ORDER BY coalesce(r.raw_event_id > of_version, false),
    CASE WHEN r.raw_event_id > of_version THEN r.raw_event_id ELSE -r.raw_event_id END LIMIT 1
$$;
COMMENT ON FUNCTION timesheet.person_of_entry(text, uuid, bigint) IS
  'The Jibble id of the person whose this stored version of a time or hour entry is (null: the last one): whom it '
  'names, else whom the version before it names, else the one after it. Null where none names one.';
CALL timesheet.set_grants('FUNCTION timesheet.person_of_entry(text, uuid, bigint)');
