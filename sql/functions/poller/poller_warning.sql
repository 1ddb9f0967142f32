-- pg_net gives its tables to PUBLIC, and a request's headers wait there until it is sent. A login may have a right by
-- SET ROLE alone, as Supabase's authenticator has those of anon. Who may become a superuser or the role that scheduled
-- the poller may read the Vault itself.
CREATE OR REPLACE FUNCTION timesheet.poller_warning() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH queue AS (
    SELECT c.oid, c.relowner, n.oid AS schema FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'net' AND c.relname = 'http_request_queue'
  ), schedulers AS (
    SELECT s.role_name FROM timesheet.scheduled_jobs AS s JOIN timesheet.poller_jobs() AS j USING (name)
  ), holders AS (
    SELECT r.oid, r.rolname FROM queue AS q JOIN pg_roles AS r ON NOT r.rolsuper
    WHERE has_schema_privilege(r.oid, q.schema, 'USAGE') AND has_any_column_privilege(r.oid, q.oid, 'SELECT')
      AND r.rolname NOT IN (SELECT s.role_name FROM schedulers AS s)
  ), readers AS (
    SELECT r.rolname || CASE WHEN h.oid = r.oid THEN '' ELSE ' (as ' || h.rolname || ')' END AS name
    FROM queue AS q JOIN pg_roles AS r ON r.rolcanlogin AND NOT r.rolsuper AND r.oid <> q.relowner
    CROSS JOIN LATERAL (
      SELECT h.oid, h.rolname FROM holders AS h
      -- What MEMBER means since PostgreSQL 16 includes memberships that allow no SET ROLE.
      WHERE h.oid = r.oid OR pg_has_role(r.oid, h.oid,
        CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)
      ORDER BY h.oid <> r.oid, h.rolname LIMIT 1) AS h
    WHERE r.rolname NOT IN (SELECT s.role_name FROM schedulers AS s)
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
  'secret, by a right of their own, an inherited one or SET ROLE: which roles, and the remedy. Else null.';
CALL timesheet.set_grants('FUNCTION timesheet.poller_warning()', 'EXECUTE TO timesheet_ingest');
