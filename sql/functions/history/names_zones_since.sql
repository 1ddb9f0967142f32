CREATE OR REPLACE FUNCTION timesheet.names_zones_since(of_resource text) RETURNS bigint
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  RETURN (SELECT min(o.raw_event_id) FROM timesheet.attribute_history AS o
    WHERE o.resource = of_resource AND (o.sheet_zone IS NOT NULL OR o.culture_zone IS NOT NULL));
END
$$;
COMMENT ON FUNCTION timesheet.names_zones_since(text) IS
  'The first raw event of a resource that names any person''s zone: from then on a null in it means that a person has '
  'none. Null where it names none.';
CALL timesheet.set_grants('FUNCTION timesheet.names_zones_since(text)');
