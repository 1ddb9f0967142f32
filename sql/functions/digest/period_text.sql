CREATE OR REPLACE FUNCTION timesheet.period_text(first_day date, last_day date) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN first_day = last_day THEN '' ELSE to_char(first_day, 'Dy FMDD')
    || CASE WHEN extract(year FROM first_day) <> extract(year FROM last_day) THEN to_char(first_day, ' Mon YYYY')
            WHEN extract(month FROM first_day) <> extract(month FROM last_day)
              THEN to_char(first_day, ' Mon') ELSE '' END
    || E' \u2013 ' END || to_char(last_day, 'Dy FMDD Mon YYYY')
$$;
COMMENT ON FUNCTION timesheet.period_text(date, date) IS
  'A period as people write it, in English in every locale: Mon 2 – Sun 8 Nov 2026, or Mon 2 Nov 2026 for one day.';
CALL timesheet.set_grants('FUNCTION timesheet.period_text(date, date)');
