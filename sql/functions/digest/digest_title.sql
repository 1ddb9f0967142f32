CREATE OR REPLACE FUNCTION timesheet.digest_title(names text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN cardinality(names) <= 1 THEN left(names[1], 80)
    WHEN cardinality(names) = 2 AND left(names[1], 60) <> left(names[2], 60)
      THEN left(names[1], 60) || ' and ' || left(names[2], 60)
    ELSE left(names[1], 80) || ' and ' || cardinality(names) - 1 || ' more' END
$$;
COMMENT ON FUNCTION timesheet.digest_title(text[]) IS 'The client groups of a digest in a few words.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_title(text[])');
