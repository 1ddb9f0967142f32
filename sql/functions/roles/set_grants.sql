-- CREATE OR REPLACE keeps the rights that an object has, and PostgreSQL lets everybody call a new function. So each
-- file says all rights on its object by this: they are taken from PUBLIC and from our roles first, then given. A role
-- that is not ours keeps what it was given.
CREATE OR REPLACE PROCEDURE timesheet.set_grants(on_object text, VARIADIC rights text[] DEFAULT '{}')
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on SET row_security = off
SET quote_all_identifiers = off
AS $$
DECLARE
  kind CONSTANT text := split_part(on_object, ' ', 1);
  name text := substr(on_object, length(kind) + 2);
  given record;
BEGIN
  -- One spelling of each, as the next release may write int where this one wrote integer.
  IF kind IN ('FUNCTION', 'PROCEDURE') THEN
    name := name::regprocedure::text;
  ELSIF kind = 'TABLE' THEN
    name := name::regclass::text;
  ELSIF kind = 'SCHEMA' THEN
    name := name::regnamespace::text;
  ELSE
    RAISE EXCEPTION '"%" names no kind of object that is given to roles', on_object
      USING ERRCODE = 'invalid_parameter_value',
        HINT = 'Begin with FUNCTION, PROCEDURE, TABLE (also for a view) or SCHEMA.';
  END IF;
  name := kind || ' ' || name;

  EXECUTE format('REVOKE ALL ON %s FROM PUBLIC%s', name,
    (SELECT string_agg(DISTINCT ', ' || quote_ident(g.role), '') FROM timesheet.role_grants AS g
      JOIN pg_roles AS r ON r.rolname = g.role));
  DELETE FROM timesheet.role_grants AS g WHERE g.object = name;

  FOR given IN
    SELECT u.words, p.part[1] AS privilege, p.part[2] AS roles
    FROM unnest(rights) AS u (words) CROSS JOIN LATERAL regexp_match(u.words, '^(.+) TO (.+)$') AS p (part)
  LOOP
    IF given.privilege IS NULL THEN
      RAISE EXCEPTION '"%" is no right on %', given.words, name
        USING ERRCODE = 'invalid_parameter_value', HINT = 'Write it as GRANT does: SELECT TO timesheet_reader.';
    END IF;
    -- timesheet_operator reads what timesheet_reader reads.
    INSERT INTO timesheet.role_grants (object, privilege, role)
    SELECT name, given.privilege, r.role
    FROM regexp_split_to_table(given.roles
        || CASE WHEN given.roles ~ '(^|[, ])timesheet_reader(,|$)' THEN ', timesheet_operator' ELSE '' END,
      ', *') AS r (role)
    ON CONFLICT DO NOTHING;
  END LOOP;
  FOR given IN
    SELECT g.privilege, string_agg(quote_ident(g.role), ', ') AS roles
    FROM timesheet.role_grants AS g JOIN pg_roles AS r ON r.rolname = g.role WHERE g.object = name GROUP BY g.privilege
  LOOP
    EXECUTE format('GRANT %s ON %s TO %s', given.privilege, name, given.roles);
  END LOOP;
END
$$;
COMMENT ON PROCEDURE timesheet.set_grants(text, text[]) IS
  'Gives an object of ours, such as FUNCTION timesheet.engine(), these rights, such as EXECUTE TO timesheet_reader, '
  'timesheet_ingest, and takes every other from PUBLIC and from our roles. A role that is missing gets its rights by '
  'timesheet.grant_roles(). Errors: invalid_parameter_value.';
CALL timesheet.set_grants('PROCEDURE timesheet.set_grants(text, text[])');
