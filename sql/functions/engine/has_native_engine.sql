-- One API before two engines: the C++ extension where the server has it, else plain SQL.
-- The extension's functions are looked up at each call, so that dropping and creating it takes effect
-- by itself. Each call is planned for its own bounds: one plan for all would read everything each time. Compiling such
-- plans takes longer than most of them run.
-- ROWS is of the usual call, one agent's few days: estimates of a thousand would have every report compiled.
CREATE OR REPLACE FUNCTION timesheet.has_native_engine() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(has_function_privilege(
    to_regprocedure('timesheet.native_notes(date, date, integer, timestamptz)'), 'EXECUTE'), false)
$$;
COMMENT ON FUNCTION timesheet.has_native_engine() IS
  'Whether the extension timesheet is installed in this database, for the schema''s owner to use.';
CALL timesheet.set_grants('FUNCTION timesheet.has_native_engine()', 'EXECUTE TO timesheet_ingest, timesheet_reader');
