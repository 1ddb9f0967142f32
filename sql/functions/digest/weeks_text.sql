-- Weeks of client groups may begin on different days.
CREATE OR REPLACE FUNCTION timesheet.weeks_text(first_days date[], has_year boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE count(*) WHEN 1 THEN 'week of ' ELSE 'weeks of ' END
    || string_agg(to_char(d.first_day, 'FMDD Mon'), ' and ' ORDER BY d.first_day)
    || CASE WHEN has_year THEN to_char(max(d.first_day), ' YYYY') ELSE '' END
  FROM (SELECT DISTINCT f.first_day FROM unnest(first_days) AS f (first_day)) AS d
$$;
COMMENT ON FUNCTION timesheet.weeks_text(date[], boolean) IS
  'The weeks that begin on these days as a digest names them, with the year or without: weeks of 2 Nov and 3 Nov 2026.';
CALL timesheet.set_grants('FUNCTION timesheet.weeks_text(date[], boolean)');
