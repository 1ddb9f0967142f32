-- PostgreSQL lets everybody call a new function. Ours cannot be reached without USAGE on their schema, but the roles
-- that have it, and an API that offers the schema, must not get more than they were given. Each file closes its own
-- function by timesheet.set_grants(); a restore on a server without our roles leaves open what was closed, and this
-- closes it.
CREATE OR REPLACE FUNCTION timesheet.revoke_public_execute() RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  open_function regprocedure;
  closed int := 0;
BEGIN
  FOR open_function IN
    SELECT p.oid FROM pg_proc AS p
    WHERE p.pronamespace IN (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname IN ('timesheet', 'timesheet_client'))
      AND pg_has_role(p.proowner, 'USAGE')
      AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a WHERE a.grantee = 0)
  LOOP
    EXECUTE format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', open_function);
    closed := closed + 1;
  END LOOP;
  RETURN closed;
END
$$;
COMMENT ON FUNCTION timesheet.revoke_public_execute() IS
  'Takes from PUBLIC the right to call our functions; what roles were given stays. Returns how many were open. Safe to '
  'repeat.';
CALL timesheet.set_grants('FUNCTION timesheet.revoke_public_execute()');
