-- One API before two engines: the C++ extension where the server has it, else plain SQL.
-- The extension's functions are looked up at each call, so that dropping and creating it takes effect
-- by itself. Each call is planned for its own bounds: one plan for all would read everything each time. Compiling such plans takes longer than most of them run.
-- ROWS is of the usual call, one agent's few days: estimates of a thousand would have every report compiled.

CREATE FUNCTION timesheet.has_native_engine() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(has_function_privilege(to_regprocedure('timesheet.native_notes(date, date, integer, timestamptz)'), 'EXECUTE'), false)
$$;
COMMENT ON FUNCTION timesheet.has_native_engine() IS 'Whether the extension timesheet is installed in this database, for the schema''s owner to use.';

CREATE FUNCTION timesheet.engine() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(
    (SELECT CASE WHEN s.engine <> 'sql' AND timesheet.has_native_engine() THEN 'native' ELSE 'sql' END FROM timesheet.settings AS s),
    CASE WHEN timesheet.require_every_row() THEN 'sql' END) -- without a row it says so
$$;
COMMENT ON FUNCTION timesheet.engine() IS 'The engine that would run now: native (the C++ extension) or sql.';

CREATE FUNCTION timesheet.use_engine(preference text) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF preference IS NULL OR preference NOT IN ('native', 'sql', 'auto') THEN
    RAISE EXCEPTION 'engine "%" is not known', coalesce(preference, 'null')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use native, sql or auto.';
  END IF;
  IF preference = 'native' AND NOT timesheet.has_native_engine() THEN
    RAISE EXCEPTION 'the native engine is not installed in this database'
      USING ERRCODE = 'feature_not_supported', HINT = 'Install the library with make install, then run CREATE EXTENSION timesheet; or use auto.';
  END IF;
  UPDATE timesheet.settings SET engine = preference WHERE engine <> preference;
  RETURN timesheet.engine();
END
$$;
COMMENT ON FUNCTION timesheet.use_engine(text) IS
  'Stores which engine is preferred: native, sql or auto (native where it can be had). Returns the engine that would run. Errors: feature_not_supported where native cannot be had.';

-- Asked before the sql engine is, so that its plan has nothing of a rule that does not apply.
CREATE FUNCTION timesheet.carries_activity_on() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT s.activity_after_break = 'carried_on' FROM timesheet.settings AS s
$$;
COMMENT ON FUNCTION timesheet.carries_activity_on() IS 'Whether work without an activity that ends a break takes that of the work before it (settings.activity_after_break, R8).';

CREATE FUNCTION timesheet.sessions(since date, until date, for_agent int DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (
  agent_id int, client_group_id int, activity_id int, workday date, kind text, started_at timestamptz, ended_at timestamptz,
  seconds bigint, end_reason text, is_complete boolean, jibble_activity_id uuid)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
DECLARE
  carries_on boolean;
BEGIN
  IF timesheet.engine() = 'native' THEN
    RETURN QUERY SELECT * FROM timesheet.native_sessions(since, until, for_agent, as_of);
  ELSE
    carries_on := timesheet.carries_activity_on();
    RETURN QUERY SELECT * FROM timesheet.sql_sessions(since, until, for_agent, as_of, carries_on);
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.sessions(date, date, int, timestamptz) IS
  'Work and break sessions of the workdays in [since, until) (R1 to R8); null bounds are open, for_agent null is everybody, as_of null is now(). Times are instants, seconds whole and truncated. end_reason: next_activity, break, clock_out, auto_clock_out, running, missing_clock_out, break_left_open.';

-- Long histories have a row for each agent, activity and day or week: hash_mem_multiplier keeps some
-- 150,000 of them off the disk while the sql engine sums them, at the server's default work_mem; of a
-- larger one as many times more.
CREATE FUNCTION timesheet.daily_hours(since date, until date, for_agent int DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (
  workday date, agent_id int, client_group_id int, activity_id int, work_seconds bigint, unconfirmed_seconds bigint,
  break_seconds bigint, manual_seconds bigint, session_count int, incomplete_count int)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET hash_mem_multiplier = 8
AS $$
DECLARE
  carries_on boolean;
BEGIN
  IF timesheet.engine() = 'native' THEN
    RETURN QUERY SELECT * FROM timesheet.native_daily_hours(since, until, for_agent, as_of);
  ELSE
    carries_on := timesheet.carries_activity_on();
    RETURN QUERY SELECT * FROM timesheet.sql_daily_hours(since, until, for_agent, as_of, carries_on);
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.daily_hours(date, date, int, timestamptz) IS
  'Seconds by workday, agent, client group and activity for workdays in [since, until) (R8, R10). work_seconds includes manual_seconds; unconfirmed_seconds is the part of it from running, missing and automatic clock-outs; session_count counts work sessions, incomplete_count those without a clock-out.';

CREATE FUNCTION timesheet.weekly_hours(since date, until date, for_agent int DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (
  week_start date, agent_id int, client_group_id int, activity_id int, work_seconds bigint, unconfirmed_seconds bigint,
  break_seconds bigint, manual_seconds bigint, session_count int, incomplete_count int)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET hash_mem_multiplier = 8
AS $$
DECLARE
  carries_on boolean;
BEGIN
  IF timesheet.engine() = 'native' THEN
    RETURN QUERY SELECT * FROM timesheet.native_weekly_hours(since, until, for_agent, as_of);
  ELSE
    carries_on := timesheet.carries_activity_on();
    RETURN QUERY SELECT * FROM timesheet.sql_weekly_hours(since, until, for_agent, as_of, carries_on);
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.weekly_hours(date, date, int, timestamptz) IS
  'As daily_hours, by week: the first day of the week that holds the workday, by the client group''s week_starts_on, else the setting''s (R11). Only workdays inside [since, until) are counted.';

CREATE FUNCTION timesheet.notes(since date, until date, for_agent int DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (
  workday date, agent_id int, client_group_id int, code text, at timestamptz, detail text, jibble_activity_id uuid)
LANGUAGE plpgsql STABLE ROWS 10
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
BEGIN
  IF timesheet.engine() = 'native' THEN
    RETURN QUERY SELECT * FROM timesheet.native_notes(since, until, for_agent, as_of);
  ELSE
    RETURN QUERY SELECT * FROM timesheet.sql_notes(since, until, for_agent, as_of);
  END IF;
  RETURN QUERY SELECT * FROM timesheet.entry_notes(since, until, for_agent);
  RETURN QUERY SELECT * FROM timesheet.rejected_entry_notes(since, until, for_agent);
END
$$;
COMMENT ON FUNCTION timesheet.notes(date, date, int, timestamptz) IS
  'What a person should know about the workdays in [since, until) (R13): missing_clock_out, break_left_open, auto_clock_out, long_session, clock_out_without_clock_in, unknown_type, odd_workday, unknown_time_zone, no_client_group; and rejected_entry, for an entry that was kept raw only, whose agent may be null. at is the session''s start or the entry''s time.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (11, '0011_engine');
