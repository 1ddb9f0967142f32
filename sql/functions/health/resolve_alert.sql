CREATE OR REPLACE FUNCTION timesheet.resolve_alert(of_kind text, about text) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  UPDATE timesheet.alerts AS a SET resolved_at = now()
  WHERE a.kind = of_kind AND a.subject = about AND a.resolved_at IS NULL;
  RETURN FOUND;
END
$$;
COMMENT ON FUNCTION timesheet.resolve_alert(text, text) IS
  'Resolves the open alert of this kind about this subject; false if none was open. Safe to repeat.';
CALL timesheet.set_grants('FUNCTION timesheet.resolve_alert(text, text)');
