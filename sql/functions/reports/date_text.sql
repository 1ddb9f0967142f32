-- In English whatever the session's locale: Dy and Mon follow it with TM alone.
CREATE OR REPLACE FUNCTION timesheet.date_text(day date) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT to_char(day::timestamp, 'Dy FMDD Mon YYYY')
$$;
COMMENT ON FUNCTION timesheet.date_text(date) IS 'A date as people read it, such as Wed 18 Nov 2026.';
CALL timesheet.set_grants('FUNCTION timesheet.date_text(date)');
