-- Jobs by pg_cron, where the server has it in this database.
CREATE OR REPLACE FUNCTION timesheet.require_pg_cron() RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
BEGIN
  IF to_regprocedure('cron.schedule(text, text, text)') IS NULL THEN
    RAISE EXCEPTION 'pg_cron is not installed in database "%"', current_database()
      USING ERRCODE = 'feature_not_supported',
        -- What cron.database_name is now, only a superuser may read.
        HINT = format('Add pg_cron to shared_preload_libraries, set cron.database_name to %L, restart the server and '
          'run CREATE EXTENSION pg_cron as a superuser.',
          current_database());
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.require_pg_cron() IS
  'Raises feature_not_supported, with the remedy, where pg_cron is missing.';
CALL timesheet.set_grants('FUNCTION timesheet.require_pg_cron()');
