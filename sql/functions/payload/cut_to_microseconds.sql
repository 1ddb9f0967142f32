-- PostgreSQL rounds what is below a microsecond, and 23:59:59.9999999 would be the next day. Inlined by the planner.
CREATE OR REPLACE FUNCTION timesheet.cut_to_microseconds(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  -- LIKE is many times faster than a regular expression, and mostly enough to see that there is nothing to cut.
  SELECT CASE WHEN given LIKE '%._______%' AND given NOT LIKE '%.______Z' AND given ~ '[.][0-9]{7}'
    THEN pg_catalog.regexp_replace(given, '([.][0-9]{6})[0-9]+', E'\\1')
    ELSE given END
$$;
COMMENT ON FUNCTION timesheet.cut_to_microseconds(text) IS
  'The text of an instant without the digits after the microsecond (docs/rules.md, Values: cut off, never rounded).';
CALL timesheet.set_grants('FUNCTION timesheet.cut_to_microseconds(text)');
