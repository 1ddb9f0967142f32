-- The open alerts of some kinds are made those that are given.
CREATE OR REPLACE FUNCTION timesheet.raise_alerts(of_kind text, subjects text[], details text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  PERFORM timesheet.raise_alert(of_kind, g.subject, g.detail)
  FROM unnest(subjects, details) AS g (subject, detail)
  LEFT JOIN timesheet.alerts AS a ON a.kind = of_kind AND a.subject = g.subject AND a.resolved_at IS NULL
  WHERE g.subject IS NOT NULL AND a.detail IS DISTINCT FROM g.detail;
  PERFORM timesheet.resolve_alert(of_kind, a.subject) FROM timesheet.alerts AS a
  WHERE a.kind = of_kind AND a.resolved_at IS NULL AND a.subject <> ALL (coalesce(subjects, '{}'));
END
$$;
COMMENT ON FUNCTION timesheet.raise_alerts(text, text[], text[]) IS
  'Makes the open alerts of a kind those about these subjects, each with its detail: raises those that are missing, '
  'brings details up to date and resolves all others. Null: none.';
CALL timesheet.set_grants('FUNCTION timesheet.raise_alerts(text, text[], text[])');
