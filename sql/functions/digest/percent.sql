-- What a digest says: one document for all client groups of a contact, every number already written as it is shown.
CREATE OR REPLACE FUNCTION timesheet.percent(part numeric, whole numeric) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT (CASE WHEN whole > 0 THEN least(100, greatest(0, round(100 * part / whole)))::int ELSE 0 END)::text $$;
COMMENT ON FUNCTION timesheet.percent(numeric, numeric) IS 'A share as a whole number from 0 to 100.';
CALL timesheet.set_grants('FUNCTION timesheet.percent(numeric, numeric)');
