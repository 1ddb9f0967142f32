CREATE OR REPLACE FUNCTION timesheet.store_page(
  for_run bigint, resource text, jibble_ids text[], payloads text[],
  OUT rows int, OUT new_rows int, OUT changed_rows int)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  part CONSTANT int := 250;
  ids uuid[];
  texts text[];
  objects json[];
BEGIN
  IF cardinality(jibble_ids) IS DISTINCT FROM cardinality(payloads) THEN
    RAISE EXCEPTION 'jibble_ids has % elements, payloads has %', cardinality(jibble_ids), cardinality(payloads)
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Pass one id, or null, for each payload.';
  END IF;
  PERFORM timesheet.require_open_run(for_run);
  PERFORM timesheet.lock_raw_events();

  rows := cardinality(payloads);
  new_rows := 0;
  changed_rows := 0;
  -- In parts: what a whole page takes of fresh memory costs more than the calls do.
  FOR begun IN 0 .. rows - 1 BY part LOOP
    -- An id of zeros is none.
    ids := array_replace(jibble_ids[begun + 1 : begun + part]::uuid[], '00000000-0000-0000-0000-000000000000', NULL);
    texts := payloads[begun + 1 : begun + part];
    -- Object by object, as_json() costs a subtransaction each: only where one of them needs it.
    BEGIN
      objects := texts::json[];
    EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
      SELECT array_agg(timesheet.as_json(u.payload) ORDER BY u.n) INTO objects
      FROM unnest(texts) WITH ORDINALITY AS u (payload, n);
    END;
    IF EXISTS (SELECT FROM timesheet.erased_people) THEN
      SELECT array_agg(CASE WHEN e.name IS NULL THEN u.object
        ELSE timesheet.reduced_payload(resource, u.object, e.name) END ORDER BY u.n) INTO objects
      FROM unnest(objects) WITH ORDINALITY AS u (object, n)
      CROSS JOIN LATERAL timesheet.erased_name(resource, ids[u.n], u.object) AS e (name);
    END IF;
    SELECT store_page.new_rows + s.new_rows, store_page.changed_rows + s.changed_rows INTO new_rows, changed_rows
    FROM timesheet.store_objects(for_run, resource, ids, objects) AS s;
  END LOOP;

  UPDATE timesheet.ingest_runs AS r
  SET pages = r.pages + 1, rows = r.rows + store_page.rows, new = r.new + new_rows, changed = r.changed + changed_rows
  WHERE r.ingest_run_id = for_run;
END
$$;
COMMENT ON FUNCTION timesheet.store_page(bigint, text, text[], text[]) IS
  'Keeps one page of objects: a raw event for each that differs from its last stored version. Returns rows received, '
  'objects never seen before, and further versions. Objects without an id (null, or zeros) are recognised by their '
  'text.';
CALL timesheet.set_grants('FUNCTION timesheet.store_page(bigint, text, text[], text[])', 'EXECUTE TO timesheet_ingest');
