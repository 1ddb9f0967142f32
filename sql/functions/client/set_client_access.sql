CREATE OR REPLACE FUNCTION timesheet.set_client_access(of_role text, client_groups int[]) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  given int;
BEGIN
  -- Where a lookup found no id, it is not known whether that group was meant to stay or to go.
  IF EXISTS (SELECT FROM unnest(client_groups) AS u (id) WHERE u.id IS NULL) THEN
    RAISE EXCEPTION 'client_groups holds a null: %', client_groups
      USING ERRCODE = 'invalid_parameter_value',
        HINT = 'Give ids of timesheet.client_groups; none at all takes every client group back.';
  END IF;
  -- Two calls at the same time would leave the groups of both.
  LOCK TABLE timesheet.client_access IN SHARE UPDATE EXCLUSIVE MODE;
  IF of_role IS NULL OR NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = of_role) THEN
    IF coalesce(cardinality(client_groups), 0) > 0 THEN
      RAISE EXCEPTION 'role "%" does not exist', coalesce(of_role, 'null')
        USING ERRCODE = 'undefined_object', HINT = 'Create it first: CREATE ROLE … LOGIN IN ROLE timesheet_client.';
    END IF;
  -- Everybody to whom timesheet_client is granted is a member of it.
  ELSIF of_role = 'timesheet_client' OR to_regrole('timesheet_client') IS NULL
    OR NOT pg_has_role(of_role::name, 'timesheet_client', 'MEMBER') THEN
    RAISE EXCEPTION 'role "%" is not a member of timesheet_client', of_role
      USING ERRCODE = 'invalid_parameter_value',
        HINT = format('Give each client a role of its own: GRANT timesheet_client TO %I.', of_role);
  END IF;
  PERFORM timesheet.require_known(NULL, u.id) FROM unnest(client_groups) AS u (id);
  DELETE FROM timesheet.client_access AS a WHERE a.role_name = of_role
    AND a.client_group_id <> ALL (coalesce(client_groups, '{}'));
  INSERT INTO timesheet.client_access AS a (role_name, client_group_id, role_oid, system_identifier)
  SELECT DISTINCT of_role, u.id, r.oid, c.system_identifier
  FROM unnest(client_groups) AS u (id) JOIN pg_roles AS r ON r.rolname = of_role CROSS JOIN pg_control_system() AS c
  ON CONFLICT (role_name, client_group_id) DO UPDATE SET role_oid = excluded.role_oid,
    system_identifier = excluded.system_identifier;
  SELECT count(*) INTO given FROM timesheet.client_access AS a WHERE a.role_name = of_role;
  RETURN given;
END
$$;
COMMENT ON FUNCTION timesheet.set_client_access(text, int[]) IS
  'Lets a role, which must be a member of timesheet_client, see these client groups and no other; none for an empty '
  'array, also of a role that was dropped. Returns how many it sees. Errors: undefined_object for an unknown role, '
  'invalid_parameter_value for one that is no client''s, an unknown client group or a null among them.';
CALL timesheet.set_grants('FUNCTION timesheet.set_client_access(text, int[])');
