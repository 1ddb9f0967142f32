CREATE OR REPLACE FUNCTION timesheet.digest_days(first_day date, workdays date[], hours numeric[]) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT jsonb_agg(jsonb_build_object('weekday', to_char(first_day + n, 'Dy'),
    'date', to_char(first_day + n, 'FMDD Mon'), 'workday', first_day + n, 'hours', d.hours::text,
    'is_zero', d.hours = 0) ORDER BY n)
  FROM generate_series(0, 6) AS n
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(c.hours), 0.00) AS hours FROM unnest(workdays, hours) AS c (workday, hours)
    WHERE c.workday = first_day + n
  ) AS d
$$;
COMMENT ON FUNCTION timesheet.digest_days(date, date[], numeric[]) IS
  'The seven days of a week with the sum of the hours of each, as the templates want them.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_days(date, date[], numeric[])');
