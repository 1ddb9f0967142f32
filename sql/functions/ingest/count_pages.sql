CREATE OR REPLACE FUNCTION timesheet.count_pages(for_run bigint, more_pages int, more_rows bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  UPDATE timesheet.ingest_runs AS r SET pages = r.pages + more_pages, rows = r.rows + more_rows
  WHERE r.ingest_run_id = for_run AND r.status = 'running' AND (more_pages, more_rows) <> (0, 0)
$$;
COMMENT ON FUNCTION timesheet.count_pages(bigint, int, bigint) IS
  'Counts pages and rows of a run that timesheet.store_page() was not called for, as timesheet.changed_rows() says '
  'that they are stored.';
CALL timesheet.set_grants('FUNCTION timesheet.count_pages(bigint, int, bigint)', 'EXECUTE TO timesheet_ingest');
