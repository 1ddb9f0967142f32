CREATE OR REPLACE FUNCTION timesheet.require_bounds(since date, until date) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  IF since > until THEN
    RAISE EXCEPTION 'since % is after until %', since, until
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the first workday and the day after the last one.';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.require_bounds(date, date) IS
  'Raises invalid_parameter_value where the first workday lies after the end.';
CALL timesheet.set_grants('FUNCTION timesheet.require_bounds(date, date)');
