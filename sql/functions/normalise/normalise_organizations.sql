CREATE OR REPLACE FUNCTION timesheet.normalise_organizations(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  PERFORM timesheet.record_attributes('Organizations', ids);
  RETURN 0;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_organizations(uuid[]) IS
  'Writes what the organisation said of zones of these Jibble ids from their current versions. Returns how many '
  'were newly found deleted; raises at the first that cannot be understood.';
CALL timesheet.set_grants('FUNCTION timesheet.normalise_organizations(uuid[])');
