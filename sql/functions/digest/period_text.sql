CREATE OR REPLACE FUNCTION timesheet.period_text(first_day date, last_day date) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT to_char(first_day, 'Dy FMDD')
    || CASE WHEN extract(year FROM first_day) <> extract(year FROM last_day) THEN to_char(first_day, ' Mon YYYY')
            WHEN extract(month FROM first_day) <> extract(month FROM last_day) THEN to_char(first_day, ' Mon') ELSE '' END
    || E' \u2013 ' || to_char(last_day, 'Dy FMDD Mon YYYY')
$$;
COMMENT ON FUNCTION timesheet.period_text(date, date) IS 'Two days as people write a period, in English whatever the locale: Mon 2 – Sun 8 Nov 2026.';
CALL timesheet.set_grants('FUNCTION timesheet.period_text(date, date)');
