CREATE OR REPLACE FUNCTION timesheet.engine() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(
    (SELECT CASE WHEN s.engine <> 'sql' AND timesheet.has_native_engine() THEN 'native' ELSE 'sql' END
     FROM timesheet.settings AS s),
    CASE WHEN timesheet.require_every_row() THEN 'sql' END) -- without a row it says so
$$;
COMMENT ON FUNCTION timesheet.engine() IS 'The engine that would run now: native (the C++ extension) or sql.';
CALL timesheet.set_grants('FUNCTION timesheet.engine()', 'EXECUTE TO timesheet_ingest, timesheet_reader');
