CREATE OR REPLACE FUNCTION timesheet.poller_warning() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT format('%s may read net.http_request_queue, where each call''s secret waits until it is sent: %s; as the '
      'owner of pg_net, REVOKE SELECT ON net.http_request_queue FROM PUBLIC, and GRANT it to the roles that send '
      'requests', timesheet.count_text(r.number, 'role', 'roles'), r.names)
  FROM timesheet.request_readers(ARRAY(SELECT j.name FROM timesheet.poller_jobs() AS j)) AS r
  WHERE r.number > 0 AND EXISTS (SELECT FROM timesheet.poller)
$$;
COMMENT ON FUNCTION timesheet.poller_warning() IS
  'Where the poller is scheduled and roles that can sign in may read the requests that wait in pg_net, with their '
  'secret, by a right of their own, an inherited one or SET ROLE: which roles, and the remedy. Else null.';
CALL timesheet.set_grants('FUNCTION timesheet.poller_warning()', 'EXECUTE TO timesheet_ingest');
