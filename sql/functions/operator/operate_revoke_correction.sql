CREATE OR REPLACE FUNCTION timesheet.operate_revoke_correction(actor text, correction bigint,
  request uuid DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  done jsonb := timesheet.begin_correction(actor, 'revoke_correction', request);
  result bigint;
BEGIN
  IF done IS NOT NULL THEN
    RETURN (done ->> 'result')::bigint;
  END IF;
  BEGIN
    result := timesheet.revoke_correction(correction);
    PERFORM timesheet.record_action(actor, 'revoke_correction', jsonb_build_object('correction', correction), request,
      to_jsonb(result));
    RETURN result;
  EXCEPTION WHEN unique_violation OR object_not_in_prerequisite_state THEN
    done := timesheet.earlier_action('revoke_correction', request); -- the same form was sent twice at once
    IF done IS NULL THEN
      RAISE;
    END IF;
    RETURN (done ->> 'result')::bigint;
  END;
END
$$;
COMMENT ON FUNCTION timesheet.operate_revoke_correction(text, bigint, uuid) IS
  'timesheet.revoke_correction(), recorded in timesheet.operator_actions. Returns how many entries changed.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.operate_revoke_correction(text, bigint, uuid)',
  'EXECUTE TO timesheet_operator');
