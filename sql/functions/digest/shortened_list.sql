CREATE OR REPLACE FUNCTION timesheet.shortened_list(names text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT array_to_string(names[1:6], ', ')
    || CASE WHEN cardinality(names) > 6 THEN ' and ' || cardinality(names) - 6 || ' more' ELSE '' END
  WHERE cardinality(names) > 0
$$;
COMMENT ON FUNCTION timesheet.shortened_list(text[]) IS
  'The first six names and how many more there are; null for none.';
CALL timesheet.set_grants('FUNCTION timesheet.shortened_list(text[])');
