-- pg_net gives its tables to PUBLIC, and a request's headers wait there until it is sent.
CREATE OR REPLACE FUNCTION timesheet.poller_warning() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH queue AS (
    SELECT c.oid, c.relowner, n.oid AS schema FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'net' AND c.relname = 'http_request_queue'
  ), readers AS (
    SELECT r.rolname AS name FROM queue AS q JOIN pg_roles AS r ON r.rolcanlogin AND NOT r.rolsuper
    WHERE r.oid <> q.relowner AND has_schema_privilege(r.oid, q.schema, 'USAGE')
      AND has_any_column_privilege(r.oid, q.oid, 'SELECT')
      AND NOT EXISTS (SELECT FROM timesheet.scheduled_jobs AS s WHERE s.role_name = r.rolname
        AND s.name IN (SELECT j.name FROM timesheet.poller_jobs() AS j))
  )
  SELECT format('%s may read net.http_request_queue, where each call''s secret waits until it is sent: %s; as the '
      'owner of pg_net, REVOKE SELECT ON net.http_request_queue FROM PUBLIC, and GRANT it to the roles that send '
      'requests', CASE count(*) WHEN 1 THEN '1 role' ELSE count(*) || ' roles' END,
    (SELECT string_agg(f.name, ', ' ORDER BY f.name) FROM (SELECT r.name FROM readers AS r ORDER BY 1 LIMIT 5) AS f)
      || CASE WHEN count(*) > 5 THEN ', …' ELSE '' END)
  FROM readers WHERE EXISTS (SELECT FROM timesheet.poller) HAVING count(*) > 0
$$;
COMMENT ON FUNCTION timesheet.poller_warning() IS
  'Where the poller is scheduled and roles that can sign in may read the requests that wait in pg_net, with their '
  'secret: which roles, and the remedy. Else null.';
CALL timesheet.set_grants('FUNCTION timesheet.poller_warning()', 'EXECUTE TO timesheet_ingest');
