-- What is shown together and has one name is kept apart, by this alone. A code or an address keeps apart where no other
-- of that name has it; one that is long would hide the name. A number always does: it is the id.
CREATE OR REPLACE FUNCTION timesheet.distinct_names(ids int[], names text[], codes text[], addresses text[])
RETURNS TABLE (id int, name text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT t.id, t.name || CASE WHEN count(*) OVER (PARTITION BY t.name) > 1 THEN ' (no. ' || t.id || ')' ELSE '' END
  FROM (
    SELECT n.id, n.name || CASE
      WHEN n.namesakes = 1 THEN ''
      WHEN n.of_code = 1 AND length(n.code) <= 40 THEN ' (' || n.code || ')'
      WHEN n.of_address = 1 AND length(n.address) <= 80 THEN ' (' || n.address || ')'
      ELSE ' (no. ' || n.id || ')' END AS name
    FROM (
      SELECT u.*, count(*) OVER (PARTITION BY u.name) AS namesakes,
        count(*) OVER (PARTITION BY u.name, u.code) AS of_code,
        count(*) OVER (PARTITION BY u.name, u.address) AS of_address
      FROM unnest(ids, names, codes, addresses) AS u (id, name, code, address)
    ) AS n
  ) AS t
$$;
COMMENT ON FUNCTION timesheet.distinct_names(int[], text[], text[], text[]) IS
  'The names of people, client groups or activities that are shown together, one for each id: Maria Santos (17) and '
  'Maria Santos (44) where two have one name, by their codes, else their addresses, else the ids as numbers. The '
  'arrays belong together; an array may be null where there is no code or address.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.distinct_names(int[], text[], text[], text[])',
  'EXECUTE TO timesheet_reader');
