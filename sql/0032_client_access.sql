-- Which role may see which client groups. By role, as PostgreSQL itself vouches for who that is: a setting,
-- such as the claims of a token, anybody could set to what they like.

CREATE TABLE timesheet.client_access (
  role_name         text NOT NULL,
  client_group_id   int NOT NULL REFERENCES timesheet.client_groups,
  role_oid          oid NOT NULL,
  system_identifier bigint NOT NULL,
  PRIMARY KEY (role_name, client_group_id)
);
CREATE INDEX client_access_client_group ON timesheet.client_access (client_group_id);
COMMENT ON TABLE timesheet.client_access IS
  'The client groups that a role sees through the schema timesheet_client, set with timesheet.set_client_access(). Whoever has the rights of the role, as a member that inherits them, sees them too.';
COMMENT ON COLUMN timesheet.client_access.role_name IS 'Names outlive a dump and a restore. A role that is renamed sees nothing until access is set again.';
COMMENT ON COLUMN timesheet.client_access.role_oid IS 'The role that had the name when access was set, by the server''s own number: another one that gets the name later sees nothing.';
COMMENT ON COLUMN timesheet.client_access.system_identifier IS 'The server whose number role_oid is (pg_control_system()). On any other, where a dump was restored, the name alone counts until access is set again.';

CREATE FUNCTION timesheet.set_client_access(of_role text, client_groups int[]) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  given int;
BEGIN
  -- Of an id that a lookup did not find nobody knows whether it was meant to stay or to go.
  IF EXISTS (SELECT FROM unnest(client_groups) AS u (id) WHERE u.id IS NULL) THEN
    RAISE EXCEPTION 'client_groups holds a null: %', client_groups
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give ids of timesheet.client_groups; none at all takes every client group back.';
  END IF;
  -- Two calls at once would leave what either gave.
  LOCK TABLE timesheet.client_access IN SHARE UPDATE EXCLUSIVE MODE;
  IF of_role IS NULL OR NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = of_role) THEN
    IF coalesce(cardinality(client_groups), 0) > 0 THEN
      RAISE EXCEPTION 'role "%" does not exist', coalesce(of_role, 'null')
        USING ERRCODE = 'undefined_object', HINT = 'Create it first: CREATE ROLE … LOGIN IN ROLE timesheet_client.';
    END IF;
  -- Of timesheet_client itself everybody is a member whom it is given to.
  ELSIF of_role = 'timesheet_client' OR to_regrole('timesheet_client') IS NULL OR NOT pg_has_role(of_role::name, 'timesheet_client', 'MEMBER') THEN
    RAISE EXCEPTION 'role "%" is not a member of timesheet_client', of_role
      USING ERRCODE = 'invalid_parameter_value', HINT = format('Give each client a role of its own: GRANT timesheet_client TO %I.', of_role);
  END IF;
  PERFORM timesheet.require_known(NULL, u.id) FROM unnest(client_groups) AS u (id);
  DELETE FROM timesheet.client_access AS a WHERE a.role_name = of_role AND a.client_group_id <> ALL (coalesce(client_groups, '{}'));
  INSERT INTO timesheet.client_access AS a (role_name, client_group_id, role_oid, system_identifier)
  SELECT DISTINCT of_role, u.id, r.oid, c.system_identifier
  FROM unnest(client_groups) AS u (id) JOIN pg_roles AS r ON r.rolname = of_role CROSS JOIN pg_control_system() AS c
  ON CONFLICT (role_name, client_group_id) DO UPDATE SET role_oid = excluded.role_oid, system_identifier = excluded.system_identifier;
  SELECT count(*) INTO given FROM timesheet.client_access AS a WHERE a.role_name = of_role;
  RETURN given;
END
$$;
COMMENT ON FUNCTION timesheet.set_client_access(text, int[]) IS
  'Lets a role, which must be a member of timesheet_client, see these client groups and no other; none for an empty array, also of a role that was dropped. Returns how many it sees. Errors: undefined_object for an unknown role, invalid_parameter_value for one that is no client''s, an unknown client group or a null among them.';

-- Asked by functions that run as their owner, so that current_user tells nothing; but only a member of a role
-- can have set it as role, and session_user is who signed in.
CREATE FUNCTION timesheet.client_groups_of_caller() RETURNS int[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(array_agg(DISTINCT a.client_group_id), '{}')
  FROM timesheet.client_access AS a
  JOIN pg_roles AS r ON r.rolname = a.role_name AND (r.oid = a.role_oid OR a.system_identifier <> (SELECT c.system_identifier FROM pg_control_system() AS c))
  WHERE pg_has_role(CASE current_setting('role') WHEN 'none' THEN session_user ELSE current_setting('role') END::name, r.oid, 'USAGE')
$$;
COMMENT ON FUNCTION timesheet.client_groups_of_caller() IS 'The client groups that the role in force outside of all functions may see, as SET ROLE or else the sign-in says.';

DO $$ BEGIN PERFORM timesheet.revoke_public_execute(); END $$;

INSERT INTO timesheet.schema_migrations (version, name) VALUES (32, '0032_client_access');
