CREATE OR REPLACE FUNCTION timesheet.count_text(n bigint, one text, many text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT CASE WHEN n = 1 THEN '1 ' || one ELSE n || ' ' || many END WHERE n > 0 $$;
COMMENT ON FUNCTION timesheet.count_text(bigint, text, text) IS 'A number with its word; null for none.';
CALL timesheet.set_grants('FUNCTION timesheet.count_text(bigint, text, text)');
