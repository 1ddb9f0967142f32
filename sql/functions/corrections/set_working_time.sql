CREATE OR REPLACE FUNCTION timesheet.set_working_time(
  since date, for_agent int DEFAULT NULL, for_client_group int DEFAULT NULL,
  time_zone text DEFAULT NULL, day_cutoff time DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  PERFORM timesheet.require_writable();
  IF since IS NULL OR since NOT BETWEEN '1900-01-01' AND '2999-12-31' THEN
    RAISE EXCEPTION 'since must be a date from 1900 to 2999, not %', coalesce(since::text, 'null')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the first workday on which the override holds.';
  END IF;
  IF num_nonnulls(for_agent, for_client_group) <> 1 THEN
    RAISE EXCEPTION 'an override is for exactly one agent or client group, not for agent % and client group %',
      coalesce(for_agent::text, 'null'), coalesce(for_client_group::text, 'null')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give for_agent or for_client_group, and leave the other out.';
  END IF;
  IF num_nonnulls(time_zone, day_cutoff) = 0 THEN
    RAISE EXCEPTION 'an override sets a time zone, a cut-off or both'
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give time_zone or day_cutoff.';
  END IF;
  IF set_working_time.time_zone IS NOT NULL AND timesheet.canonical_time_zone(set_working_time.time_zone) IS NULL THEN
    RAISE EXCEPTION 'time zone "%" is not known', left(set_working_time.time_zone, 80)
      USING ERRCODE = 'invalid_parameter_value',
        HINT = 'Use a name of pg_timezone_names, such as Asia/Manila, or an offset such as UTC+08:00.';
  END IF;
  IF day_cutoff >= '24:00' THEN
    RAISE EXCEPTION 'day_cutoff % is not below 24:00', day_cutoff
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use a local time from 00:00 to 23:59:59.';
  END IF;
  PERFORM timesheet.require_known(for_agent, for_client_group);

  INSERT INTO timesheet.working_time_overrides (agent_id, client_group_id, since, time_zone, day_cutoff)
  VALUES (for_agent, for_client_group, set_working_time.since, set_working_time.time_zone, set_working_time.day_cutoff);
  RETURN timesheet.correct_agents(for_agent, for_client_group);
END
$$;
COMMENT ON FUNCTION timesheet.set_working_time(date, int, int, text, time) IS
  'Overrides the working zone, the cut-off or both, of one agent or of one client group, from local midnight of since '
  'on (R3). A later call for the same date takes precedence, field by field. Returns how many entries changed. Errors: '
  'invalid_parameter_value.';
CALL timesheet.set_grants('FUNCTION timesheet.set_working_time(date, int, int, text, time)');
