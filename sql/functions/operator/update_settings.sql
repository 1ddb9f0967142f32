CREATE OR REPLACE FUNCTION timesheet.update_settings(changes jsonb, seen jsonb DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  before jsonb;
  wanted timesheet.settings;
  differing record;
  emptied text;
BEGIN
  PERFORM timesheet.require_writable();
  PERFORM timesheet.lock_writers(); -- before the row's, as who changes settings by hand does
  SELECT to_jsonb(s) - 'singleton' INTO before FROM timesheet.settings AS s FOR UPDATE;
  SELECT e.key, before ->> e.key AS now, e.value #>> '{}' AS seen INTO differing
  FROM jsonb_each(timesheet.read_settings(seen, before)) AS e
  WHERE e.value IS DISTINCT FROM before -> e.key ORDER BY e.key LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the setting % is %, not % as you saw it', differing.key, coalesce(differing.now, 'null'),
      coalesce(differing.seen, 'null')
      USING ERRCODE = 'serialization_failure', HINT = 'Another person changed it meanwhile: look at it, then decide.';
  END IF;

  SELECT * INTO wanted FROM jsonb_populate_record((SELECT s FROM timesheet.settings AS s),
    timesheet.read_settings(changes, before));
  -- Columns are not named, so that a setting that a later release adds is changed here too.
  BEGIN
    EXECUTE (SELECT format('UPDATE timesheet.settings SET (%1$s) = ROW (%2$s)',
        string_agg(quote_ident(k.name), ', '), string_agg('($1).' || quote_ident(k.name), ', '))
      FROM jsonb_object_keys(before) AS k (name) WHERE k.name <> 'engine') USING wanted;
  EXCEPTION WHEN not_null_violation THEN
    GET STACKED DIAGNOSTICS emptied = COLUMN_NAME;
    RAISE EXCEPTION 'the setting % cannot be null', emptied
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give it a value.';
  END;
  IF changes ? 'engine' THEN
    PERFORM timesheet.use_engine(wanted.engine);
  END IF;
  RETURN (SELECT to_jsonb(s) - 'singleton' FROM timesheet.settings AS s);
END
$$;
COMMENT ON FUNCTION timesheet.update_settings(jsonb, jsonb) IS
  'Changes settings, all or none: {"name": value}. seen: what they were when the change was decided. Returns all '
  'settings as they are then. Errors: invalid_parameter_value names the setting that is unknown, has no such value or '
  'cannot be null, serialization_failure the one that is not as it was seen, check_violation what values do '
  'not go together.';
CALL timesheet.set_grants('FUNCTION timesheet.update_settings(jsonb, jsonb)');
