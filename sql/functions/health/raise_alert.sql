CREATE OR REPLACE FUNCTION timesheet.raise_alert(of_kind text, about text, what text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  raised bigint;
BEGIN
  SELECT a.alert_id INTO raised FROM timesheet.alerts AS a
  WHERE a.kind = of_kind AND a.subject = about AND a.resolved_at IS NULL AND a.detail = what;
  IF FOUND THEN -- which writes nothing, not even a lock on the row
    RETURN raised;
  END IF;
  INSERT INTO timesheet.alerts AS a (kind, subject, detail) VALUES (of_kind, about, what)
  ON CONFLICT (kind, subject) WHERE resolved_at IS NULL
    DO UPDATE SET detail = excluded.detail WHERE a.detail <> excluded.detail;
  SELECT a.alert_id INTO raised FROM timesheet.alerts AS a
  WHERE a.kind = of_kind AND a.subject = about AND a.resolved_at IS NULL;
  RETURN raised;
END
$$;
COMMENT ON FUNCTION timesheet.raise_alert(text, text, text) IS
  'Opens the alert of this kind about this subject, or brings the detail of the open one up to date; returns its id. '
  'Safe to repeat. Errors: check_violation for a kind that is not known.';
CALL timesheet.set_grants('FUNCTION timesheet.raise_alert(text, text, text)');
