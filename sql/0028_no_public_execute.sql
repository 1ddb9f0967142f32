-- PostgreSQL lets everybody call a new function. Nobody can reach ours without USAGE on their schema, but the
-- roles that have it, and an API that offers the schema, must not get more than they were given.
-- Default privileges could say so only for every schema of the owner's: each later migration that makes
-- functions ends with this instead, and so does each grant, as a restore to a server without our roles leaves
-- open what was closed. A test looks after it.

CREATE FUNCTION timesheet.revoke_public_execute() RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  open_function regprocedure;
  closed int := 0;
BEGIN
  FOR open_function IN
    SELECT p.oid FROM pg_proc AS p
    WHERE p.pronamespace IN (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname IN ('timesheet', 'timesheet_client')) AND pg_has_role(p.proowner, 'USAGE')
      AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a WHERE a.grantee = 0)
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', open_function);
    closed := closed + 1;
  END LOOP;
  RETURN closed;
END
$$;
COMMENT ON FUNCTION timesheet.revoke_public_execute() IS 'Takes from PUBLIC the right to call our functions; what roles were given stays. Returns how many were open. Safe to repeat.';

DO $$ BEGIN PERFORM timesheet.revoke_public_execute(); END $$;

INSERT INTO timesheet.schema_migrations (version, name) VALUES (28, '0028_closed_to_public');
