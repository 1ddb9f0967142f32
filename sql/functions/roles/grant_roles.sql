-- Roles belong to the server, rights to the database: after a role was created, or after a restore on a server that did
-- not have it, this brings the two together.
CREATE OR REPLACE FUNCTION timesheet.grant_roles() RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  given record;
  granted int := 0;
BEGIN
  PERFORM timesheet.revoke_public_execute();
  DELETE FROM timesheet.role_grants AS g -- what a release has dropped
  WHERE CASE split_part(g.object, ' ', 1)
    WHEN 'TABLE' THEN to_regclass(substr(g.object, 7)) IS NULL
    WHEN 'SCHEMA' THEN to_regnamespace(substr(g.object, 8)) IS NULL
    ELSE to_regprocedure(substr(g.object, strpos(g.object, ' ') + 1)) IS NULL END;
  FOR given IN
    SELECT g.object, g.privilege, string_agg(quote_ident(g.role), ', ') AS roles
    FROM timesheet.role_grants AS g JOIN pg_roles AS r ON r.rolname = g.role GROUP BY g.object, g.privilege
  LOOP
    EXECUTE format('GRANT %s ON %s TO %s', given.privilege, given.object, given.roles);
  END LOOP;
  FOR given IN SELECT DISTINCT g.role, r.oid FROM timesheet.role_grants AS g
    LEFT JOIN pg_roles AS r ON r.rolname = g.role ORDER BY g.role
  LOOP
    IF given.oid IS NULL THEN
      RAISE NOTICE 'role "%" does not exist', given.role
        USING HINT = format('CREATE ROLE %I, as a role that may create roles; then call this again.', given.role);
    ELSE
      granted := granted + 1;
    END IF;
  END LOOP;
  RETURN granted;
END
$$;
COMMENT ON FUNCTION timesheet.grant_roles() IS
  'Gives each of our roles that there is its rights, and takes from PUBLIC the right to call our functions. Returns '
  'how many roles there are; says which are missing. Safe to repeat.';
CALL timesheet.set_grants('FUNCTION timesheet.grant_roles()');
