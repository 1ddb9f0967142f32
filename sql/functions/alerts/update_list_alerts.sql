-- Contacts that were read before Jibble was name client groups that are not known yet.
CREATE OR REPLACE FUNCTION timesheet.update_list_alerts() RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT timesheet.raise_alerts('entries_rejected', CASE WHEN r.n > 0 THEN ARRAY[''] END,
    ARRAY[format('%s of Jibble''s could not be read; timesheet.ingest_problems says why',
      timesheet.count_text(r.n, 'object', 'objects'))])
  FROM (SELECT f.rejected AS n FROM timesheet.feed_health AS f) AS r;
  SELECT timesheet.raise_alerts('contact_problems', CASE WHEN p.n > 0 AND EXISTS (SELECT FROM timesheet.ingest_runs AS r
      WHERE r.status = 'succeeded' AND r.finished_at <= p.noticed_at) THEN ARRAY[''] END,
    ARRAY[format('%s in Airtable''s list of contacts; timesheet.contact_problems says what to correct',
      timesheet.count_text(p.n, 'problem', 'problems'))])
  FROM (SELECT count(*) AS n, max(c.noticed_at) AS noticed_at FROM timesheet.contact_problems AS c) AS p
$$;
COMMENT ON FUNCTION timesheet.update_list_alerts() IS
  'Raises the alerts entries_rejected and contact_problems while there are such, and resolves them. Contacts that were '
  'read before a run has succeeded are none yet.';
CALL timesheet.set_grants('FUNCTION timesheet.update_list_alerts()');
