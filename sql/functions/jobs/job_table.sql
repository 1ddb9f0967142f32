-- Not to_regclass: the schema's owner need not have a right on pg_cron's schema.
CREATE OR REPLACE FUNCTION timesheet.job_table() RETURNS oid
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT c.oid FROM pg_class AS c WHERE c.relname = 'job'
    AND c.relnamespace = (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname = 'cron')
$$;
COMMENT ON FUNCTION timesheet.job_table() IS 'pg_cron''s table of jobs, cron.job; null where it is missing.';
CALL timesheet.set_grants('FUNCTION timesheet.job_table()');
