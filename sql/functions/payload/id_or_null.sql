-- "Empty" to the programs that made it, and a key to everybody else: of two objects with it one would be the other.
CREATE OR REPLACE FUNCTION timesheet.id_or_null(id uuid) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT nullif(id, '00000000-0000-0000-0000-000000000000'::pg_catalog.uuid)
$$;
COMMENT ON FUNCTION timesheet.id_or_null(uuid) IS
  'The id; null for one of zeros, which is no id (docs/rules.md, Values).';
CALL timesheet.set_grants('FUNCTION timesheet.id_or_null(uuid)');
