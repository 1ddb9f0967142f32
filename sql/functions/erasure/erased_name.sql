-- Whom the object names; where it names none that can be read, whose it was before; else who is in its text.
CREATE OR REPLACE FUNCTION timesheet.erased_name(of_resource text, id uuid, payload json) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  person uuid;
BEGIN
  IF of_resource IN ('People', 'TimeTrackingPeople') THEN
    person := id;
  ELSIF of_resource IN ('TimeEntries', 'HourEntries') THEN
    person := coalesce(timesheet.guid_or_null(timesheet.member(timesheet.readable(payload), 'personId')),
      timesheet.person_of_entry(of_resource, id));
  ELSE
    RETURN NULL;
  END IF;
  RETURN (SELECT 'Erased agent ' || min(p.agent_id) FROM timesheet.erased_people AS p
    WHERE CASE WHEN person IS NULL THEN timesheet.mentions_person(payload, p.jibble_id)
      ELSE p.jibble_id = person END);
END
$$;
COMMENT ON FUNCTION timesheet.erased_name(text, uuid, json) IS
  'The neutral name of the person of an object of Jibble''s whose personal data was erased; null for others. Where the '
  'object names no person in a form that can be read, by its earlier versions, else by the ids in its text.';
CALL timesheet.set_grants('FUNCTION timesheet.erased_name(text, uuid, json)');
