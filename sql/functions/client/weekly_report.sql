CREATE OR REPLACE FUNCTION timesheet_client.weekly_report_rows(since date DEFAULT NULL, until date DEFAULT NULL)
RETURNS SETOF timesheet.weekly_report
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  own int[] := timesheet.client_groups_of_caller();
BEGIN
  RETURN QUERY SELECT r.* FROM timesheet.weekly_report AS r
    WHERE r.client_group_id = ANY (own) AND (since IS NULL OR r.week_start >= since)
      AND (until IS NULL OR r.week_start < until);
END
$$;
COMMENT ON FUNCTION timesheet_client.weekly_report_rows(date, date) IS
  'The rows of timesheet_client.weekly_report whose week_start lies in [since, until), without computing any other.';
CALL timesheet.set_grants('FUNCTION timesheet_client.weekly_report_rows(date, date)', 'EXECUTE TO timesheet_client');

CREATE OR REPLACE VIEW timesheet_client.weekly_report WITH (security_barrier = true, security_invoker = true) AS
SELECT r.* FROM timesheet_client.weekly_report_rows() AS r;
COMMENT ON VIEW timesheet_client.weekly_report IS
  'timesheet.weekly_report, limited to the rows of the caller''s client groups. Long histories are read faster, with '
  'bounds, by timesheet_client.weekly_report_rows().';
CALL timesheet.set_grants('TABLE timesheet_client.weekly_report', 'SELECT TO timesheet_client');
