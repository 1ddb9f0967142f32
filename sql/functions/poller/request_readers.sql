-- pg_net gives its tables to PUBLIC, and a request's headers wait there until it is sent. A login may have a right by
-- SET ROLE alone, as Supabase's authenticator has those of anon. Who may become a superuser or the role that scheduled
-- these jobs may read the Vault itself.
CREATE OR REPLACE FUNCTION timesheet.request_readers(of_jobs text[], OUT number bigint, OUT names text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH queue AS (
    SELECT c.oid, c.relowner, n.oid AS schema FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'net' AND c.relname = 'http_request_queue'
  ), schedulers AS (
    SELECT s.role_name FROM timesheet.scheduled_jobs AS s WHERE s.name = ANY (of_jobs)
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
  SELECT count(*), (SELECT string_agg(f.name, ', ' ORDER BY f.name) FROM (
      SELECT r.name FROM readers AS r ORDER BY 1 LIMIT 5) AS f) || CASE WHEN count(*) > 5 THEN ', …' ELSE '' END
  FROM readers
$$;
COMMENT ON FUNCTION timesheet.request_readers(text[]) IS
  'How many roles that can sign in may read the requests that wait in pg_net, by a right of their own, an inherited '
  'one or SET ROLE, and the first five of them; not counted are superusers and those that scheduled one of these jobs.';
CALL timesheet.set_grants('FUNCTION timesheet.request_readers(text[])');
