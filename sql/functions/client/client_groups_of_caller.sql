-- Asked by functions that run as their owner, so that current_user does not say who asks; but only a member of a role
-- can have set it as role, and session_user is who signed in.
CREATE OR REPLACE FUNCTION timesheet.client_groups_of_caller() RETURNS int[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT coalesce(array_agg(DISTINCT a.client_group_id), '{}')
  FROM timesheet.client_access AS a
  JOIN pg_roles AS r ON r.rolname = a.role_name
    AND (r.oid = a.role_oid OR a.system_identifier <> (SELECT c.system_identifier FROM pg_control_system() AS c))
  WHERE pg_has_role(CASE current_setting('role') WHEN 'none' THEN session_user ELSE current_setting('role') END::name,
    r.oid, 'USAGE')
$$;
COMMENT ON FUNCTION timesheet.client_groups_of_caller() IS
  'The client groups that the caller''s role may see: the role of SET ROLE outside of all functions, or else of the '
  'sign-in.';
CALL timesheet.set_grants('FUNCTION timesheet.client_groups_of_caller()');
