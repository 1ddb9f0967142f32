-- What Jibble cannot know or got wrong, corrected with a date, and the entries it touches placed anew.

-- One refusal for both corrections, so that they speak alike.
CREATE FUNCTION timesheet.require_known(for_agent int, for_client_group int) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF for_agent IS NOT NULL AND NOT EXISTS (SELECT FROM timesheet.agents AS a WHERE a.agent_id = for_agent) THEN
    RAISE EXCEPTION 'there is no agent %', for_agent
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Take an agent_id of timesheet.agents.';
  END IF;
  IF for_client_group IS NOT NULL AND NOT EXISTS (SELECT FROM timesheet.client_groups AS g WHERE g.client_group_id = for_client_group) THEN
    RAISE EXCEPTION 'there is no client group %', for_client_group
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Take a client_group_id of timesheet.client_groups.';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.require_known(int, int) IS 'Raises invalid_parameter_value if the agent or the client group does not exist; null is no question.';

CREATE FUNCTION timesheet.set_working_time(
  since date, for_agent int DEFAULT NULL, for_client_group int DEFAULT NULL,
  time_zone text DEFAULT NULL, day_cutoff time DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  touched int[];
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
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use a name of pg_timezone_names, such as Asia/Manila, or an offset such as UTC+08:00.';
  END IF;
  IF day_cutoff >= '24:00' THEN
    RAISE EXCEPTION 'day_cutoff % is not below 24:00', day_cutoff
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use a local time from 00:00 to 23:59:59.';
  END IF;
  PERFORM timesheet.lock_writers();
  PERFORM timesheet.require_known(for_agent, for_client_group);

  INSERT INTO timesheet.working_time_overrides (agent_id, client_group_id, since, time_zone, day_cutoff)
  VALUES (for_agent, for_client_group, set_working_time.since, set_working_time.time_zone, set_working_time.day_cutoff);
  -- Whoever was ever in the group may have entries there.
  SELECT coalesce(array_agg(DISTINCT t.agent_id), '{}') INTO touched FROM timesheet.agent_history AS t
  WHERE t.agent_id = for_agent OR t.client_group_id = for_client_group;
  PERFORM timesheet.rebuild_agent_history(touched);
  RETURN timesheet.reassign_workdays(touched);
END
$$;
COMMENT ON FUNCTION timesheet.set_working_time(date, int, int, text, time) IS
  'Overrides the working zone, the cut-off or both, of one agent or of one client group, from local midnight of since on (R3). A later call for the same date takes precedence, field by field. Returns how many entries changed. Errors: invalid_parameter_value.';

CREATE FUNCTION timesheet.assign_client_group(for_agent int, for_client_group int, since timestamptz) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM timesheet.require_writable();
  IF for_agent IS NULL OR for_client_group IS NULL OR since IS NULL THEN
    RAISE EXCEPTION 'an assignment needs an agent, a client group and a start, not agent %, client group %, since %',
      coalesce(for_agent::text, 'null'), coalesce(for_client_group::text, 'null'), coalesce(since::text, 'null')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give all three; the start may be -infinity.';
  END IF;
  IF since = 'infinity' THEN
    RAISE EXCEPTION 'since must be an instant or -infinity, not infinity'
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the instant from which the agent was in the group.';
  END IF;
  PERFORM timesheet.lock_writers();
  PERFORM timesheet.require_known(for_agent, for_client_group);

  INSERT INTO timesheet.client_group_assignments (agent_id, client_group_id, since)
  VALUES (for_agent, for_client_group, assign_client_group.since);
  PERFORM timesheet.rebuild_agent_history(ARRAY[for_agent]);
  RETURN timesheet.reassign_workdays(ARRAY[for_agent]);
END
$$;
COMMENT ON FUNCTION timesheet.assign_client_group(int, int, timestamptz) IS
  'Corrects which client group an agent was in from an instant on, until Jibble shows a later change. Returns how many entries changed. Errors: invalid_parameter_value.';

-- The cut-off and the default zone place entries: a change of them places all anew.
CREATE FUNCTION timesheet.settings_changed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  everybody int[];
BEGIN
  PERFORM timesheet.lock_writers();
  SELECT array_agg(a.agent_id) INTO everybody FROM timesheet.agents AS a;
  PERFORM timesheet.rebuild_agent_history(everybody), timesheet.reassign_workdays(everybody) WHERE everybody IS NOT NULL;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.settings_changed() IS 'Trigger: places every entry anew when day_cutoff or default_time_zone changes.';
CREATE TRIGGER settings_changed AFTER UPDATE ON timesheet.settings
  FOR EACH ROW WHEN ((OLD.day_cutoff, OLD.default_time_zone) IS DISTINCT FROM (NEW.day_cutoff, NEW.default_time_zone))
  EXECUTE FUNCTION timesheet.settings_changed();
-- Where the row was lost, its defaults are a change too.
CREATE TRIGGER settings_inserted AFTER INSERT ON timesheet.settings
  FOR EACH ROW EXECUTE FUNCTION timesheet.settings_changed();

INSERT INTO timesheet.schema_migrations (version, name) VALUES (9, '0009_corrections');
