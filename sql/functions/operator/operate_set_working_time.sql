CREATE OR REPLACE FUNCTION timesheet.operate_set_working_time(actor text, since date, for_agent int DEFAULT NULL,
  for_client_group int DEFAULT NULL, time_zone text DEFAULT NULL, day_cutoff time DEFAULT NULL,
  request uuid DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  done jsonb := timesheet.begin_correction(actor, 'set_working_time', request);
  result bigint;
BEGIN
  IF done IS NOT NULL THEN
    RETURN (done ->> 'result')::bigint;
  END IF;
  BEGIN
    result := timesheet.set_working_time(since, for_agent, for_client_group, time_zone, day_cutoff);
    UPDATE timesheet.working_time_overrides AS w SET actor = timesheet.clean_text(actor)
    WHERE w.correction_id = currval('timesheet.correction_number'); -- the one that was just made
    PERFORM timesheet.record_action(actor, 'set_working_time',
      jsonb_build_object('since', since, 'for_agent', for_agent, 'for_client_group', for_client_group,
      'time_zone', time_zone, 'day_cutoff', day_cutoff), request,
      to_jsonb(result));
    RETURN result;
  EXCEPTION WHEN unique_violation THEN
    done := timesheet.earlier_action('set_working_time', request); -- the same form was sent twice at once
    IF done IS NULL THEN
      RAISE;
    END IF;
    RETURN (done ->> 'result')::bigint;
  END;
END
$$;
COMMENT ON FUNCTION timesheet.operate_set_working_time(text, date, int, int, text, time, uuid) IS
  'timesheet.set_working_time(), recorded in timesheet.operator_actions. Returns how many entries changed.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.operate_set_working_time(text, date, int, int, text, time, uuid)',
  'EXECUTE TO timesheet_operator');
