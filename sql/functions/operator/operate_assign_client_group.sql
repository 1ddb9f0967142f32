CREATE OR REPLACE FUNCTION timesheet.operate_assign_client_group(actor text, for_agent int, for_client_group int,
  since timestamptz, request uuid DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  done jsonb := timesheet.begin_correction(actor, 'assign_client_group', request);
  result bigint;
BEGIN
  IF done IS NOT NULL THEN
    RETURN (done ->> 'result')::bigint;
  END IF;
  BEGIN
    result := timesheet.assign_client_group(for_agent, for_client_group, since);
    UPDATE timesheet.client_group_assignments AS a SET actor = timesheet.clean_text(actor)
    WHERE a.correction_id = currval('timesheet.correction_number'); -- the one that was just made
    PERFORM timesheet.record_action(actor, 'assign_client_group',
      jsonb_build_object('for_agent', for_agent, 'for_client_group', for_client_group, 'since', since), request,
      to_jsonb(result));
    RETURN result;
  EXCEPTION WHEN unique_violation THEN
    done := timesheet.earlier_action('assign_client_group', request); -- the same form was sent twice at once
    IF done IS NULL THEN
      RAISE;
    END IF;
    RETURN (done ->> 'result')::bigint;
  END;
END
$$;
COMMENT ON FUNCTION timesheet.operate_assign_client_group(text, int, int, timestamptz, uuid) IS
  'timesheet.assign_client_group(), recorded in timesheet.operator_actions. Returns how many entries changed.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.operate_assign_client_group(text, int, int, timestamptz, uuid)',
  'EXECUTE TO timesheet_operator');
