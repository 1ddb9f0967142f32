CREATE OR REPLACE FUNCTION timesheet.store_contact_client_groups() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  CREATE TEMP TABLE pg_temp.wanted ON COMMIT DROP AS
  SELECT DISTINCT c.contact_id, k.client_group_id
  FROM pg_temp.given AS g JOIN timesheet.contacts AS c ON c.email = g.email AND g.is_email AND g.emails = 1
  JOIN timesheet.client_groups AS k ON k.jibble_id::text = ANY (g.named);
  DELETE FROM timesheet.contact_client_groups AS m
  -- Of a contact that is held back they are kept as they were.
  WHERE NOT EXISTS (SELECT FROM timesheet.contacts AS c
                    WHERE c.contact_id = m.contact_id AND c.missing_since IS NOT NULL)
    AND NOT EXISTS (SELECT FROM pg_temp.wanted AS w
                    WHERE w.contact_id = m.contact_id AND w.client_group_id = m.client_group_id);
  INSERT INTO timesheet.contact_client_groups
  SELECT w.contact_id, w.client_group_id FROM pg_temp.wanted AS w ON CONFLICT DO NOTHING;
  DROP TABLE pg_temp.wanted;
END
$$;
COMMENT ON FUNCTION timesheet.store_contact_client_groups() IS
  'Makes the client groups of the contacts what the records in pg_temp.given say, which timesheet.store_contacts() '
  'makes; those of contacts that are held back stay.';
CALL timesheet.set_grants('FUNCTION timesheet.store_contact_client_groups()');
