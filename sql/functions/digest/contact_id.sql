CREATE OR REPLACE FUNCTION timesheet.contact_id(of_email text) RETURNS int
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  found int;
BEGIN
  SELECT c.contact_id INTO found FROM timesheet.contacts AS c
  WHERE c.email = lower(timesheet.clean_text(of_email) COLLATE "C");
  IF found IS NULL THEN
    RAISE EXCEPTION 'no contact has the address %', coalesce('"' || left(of_email, 80) || '"', 'null')
      USING ERRCODE = 'no_data_found', HINT = 'See timesheet.contacts; timesheetd contacts fetches them from Airtable.';
  END IF;
  RETURN found;
END
$$;
COMMENT ON FUNCTION timesheet.contact_id(text) IS 'The contact with this address. Errors: no_data_found.';
CALL timesheet.set_grants('FUNCTION timesheet.contact_id(text)', 'EXECUTE TO timesheet_ingest');
