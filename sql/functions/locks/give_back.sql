CREATE OR REPLACE FUNCTION timesheet.give_back() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'TS001', MESSAGE = 'undone';
END
$$;
COMMENT ON FUNCTION timesheet.give_back() IS
  'Raises TS001, by which a block of ours undoes what it did: locks that it took are free again.';
CALL timesheet.set_grants('FUNCTION timesheet.give_back()');
