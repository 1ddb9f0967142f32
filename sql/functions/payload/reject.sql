-- Why an object cannot be understood, in words of ours: timesheet.normalise_objects() sets it down as its problem.
CREATE OR REPLACE FUNCTION timesheet.reject(reason text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION '%', reason USING ERRCODE = 'data_exception',
    HINT = 'Correct it in Jibble; the next read takes the corrected version.';
END
$$;
COMMENT ON FUNCTION timesheet.reject(text) IS
  'Raises data_exception with this reason; never returns, but can be written where a value is expected.';
CALL timesheet.set_grants('FUNCTION timesheet.reject(text)');
