-- Asked before the sql engine is, so that its plan has nothing of a rule that does not apply.
CREATE OR REPLACE FUNCTION timesheet.carries_activity_on() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT s.activity_after_break = 'carried_on' FROM timesheet.settings AS s
$$;
COMMENT ON FUNCTION timesheet.carries_activity_on() IS
  'Whether work without an activity that ends a break takes that of the work before it '
  '(settings.activity_after_break, R8).';
CALL timesheet.set_grants('FUNCTION timesheet.carries_activity_on()');
