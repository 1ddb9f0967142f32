CREATE OR REPLACE FUNCTION timesheet.client_groups_of_contact(for_contact int) RETURNS int[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT coalesce(array_agg(m.client_group_id ORDER BY m.client_group_id), '{}')
  FROM timesheet.contact_client_groups AS m WHERE m.contact_id = for_contact
$$;
COMMENT ON FUNCTION timesheet.client_groups_of_contact(int) IS 'The client groups that a contact has now.';
CALL timesheet.set_grants('FUNCTION timesheet.client_groups_of_contact(int)');
