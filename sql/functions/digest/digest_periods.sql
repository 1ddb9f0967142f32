-- Weeks of client groups may begin on different days.
CREATE OR REPLACE FUNCTION timesheet.digest_periods(first_days date[]) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT jsonb_build_object(
    'periods', string_agg(timesheet.period_text(p.first_day, p.first_day + 6), ' or ' ORDER BY p.first_day),
    'weeks', CASE WHEN count(*) = 1 THEN 'week of ' || to_char(max(p.first_day), 'FMDD Mon YYYY')
      ELSE 'weeks of ' || string_agg(to_char(p.first_day, 'FMDD Mon'), ' and ' ORDER BY p.first_day)
        || to_char(max(p.first_day), ' YYYY') END)
  FROM (SELECT DISTINCT d.first_day FROM unnest(first_days) AS d (first_day)) AS p
$$;
COMMENT ON FUNCTION timesheet.digest_periods(date[]) IS
  'The weeks that begin on these days, as a digest says them above its hours (periods) and in its subject (weeks).';
CALL timesheet.set_grants('FUNCTION timesheet.digest_periods(date[])');
