CREATE OR REPLACE FUNCTION timesheet.erased_name(of_resource text, id uuid, payload json) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  RETURN (SELECT 'Erased agent ' || p.agent_id FROM timesheet.erased_people AS p
    WHERE p.jibble_id = CASE WHEN of_resource IN ('People', 'TimeTrackingPeople') THEN id
      WHEN of_resource IN ('TimeEntries', 'HourEntries')
        THEN timesheet.guid_or_null(timesheet.member(timesheet.readable(payload), 'personId')) END);
END
$$;
COMMENT ON FUNCTION timesheet.erased_name(text, uuid, json) IS
  'The neutral name of the person of an object of Jibble''s whose personal data was erased; null for others.';
CALL timesheet.set_grants('FUNCTION timesheet.erased_name(text, uuid, json)');
