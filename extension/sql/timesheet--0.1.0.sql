-- The functions of the first release; files timesheet--A--B.sql will carry it on, at CREATE EXTENSION too.
-- The extension owns its native_ functions and nothing else: tables, views and public functions are made
-- by the project's sql/, so that dropping the extension takes nothing along.
-- A call reads an agent's whole history: its cost says that it is worth spreading over parallel workers.
\echo Use "CREATE EXTENSION timesheet" to load this file. \quit

DO $$
BEGIN
  IF pg_catalog.to_regnamespace('timesheet') IS NULL THEN
    RAISE EXCEPTION 'schema "timesheet" does not exist'
      USING ERRCODE = 'invalid_schema_name',
        HINT = 'Create it first with timesheetd migrate (or by applying sql/schema and sql/functions), then repeat '
          'CREATE EXTENSION timesheet.';
  END IF;
END
$$;

CREATE FUNCTION timesheet.native_sessions(since date, until date, for_agent int DEFAULT NULL,
  as_of timestamptz DEFAULT now())
RETURNS TABLE (
  agent_id int, client_group_id int, activity_id int, workday date, kind text, started_at timestamptz,
  ended_at timestamptz, seconds bigint, end_reason text, is_complete boolean, jibble_activity_id uuid)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'timesheet_native_sessions';
COMMENT ON FUNCTION timesheet.native_sessions(date, date, int, timestamptz) IS
  'timesheet.sessions() by the native engine.';

CREATE FUNCTION timesheet.native_daily_hours(since date, until date, for_agent int DEFAULT NULL,
  as_of timestamptz DEFAULT now())
RETURNS TABLE (
  workday date, agent_id int, client_group_id int, activity_id int, work_seconds bigint, unconfirmed_seconds bigint,
  break_seconds bigint, manual_seconds bigint, session_count int, incomplete_count int)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'timesheet_native_daily_hours';
COMMENT ON FUNCTION timesheet.native_daily_hours(date, date, int, timestamptz) IS
  'timesheet.daily_hours() by the native engine.';

CREATE FUNCTION timesheet.native_weekly_hours(since date, until date, for_agent int DEFAULT NULL,
  as_of timestamptz DEFAULT now())
RETURNS TABLE (
  week_start date, agent_id int, client_group_id int, activity_id int, work_seconds bigint, unconfirmed_seconds bigint,
  break_seconds bigint, manual_seconds bigint, session_count int, incomplete_count int)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'timesheet_native_weekly_hours';
COMMENT ON FUNCTION timesheet.native_weekly_hours(date, date, int, timestamptz) IS
  'timesheet.weekly_hours() by the native engine.';

CREATE FUNCTION timesheet.native_notes(since date, until date, for_agent int DEFAULT NULL,
  as_of timestamptz DEFAULT now())
RETURNS TABLE (
  workday date, agent_id int, client_group_id int, code text, at timestamptz, seconds bigint, jibble_activity_id uuid)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'timesheet_native_notes';
COMMENT ON FUNCTION timesheet.native_notes(date, date, int, timestamptz) IS
  'The notes that sessions give, for timesheet.notes(), by the native engine. seconds is the session''s length.';

-- They are asked through the public functions, which run as the schema's owner; no other role needs them. The
-- script of a trusted extension runs as a superuser, so the owner would have no right on them without this.
DO $$
DECLARE
  native regprocedure;
BEGIN
  FOREACH native IN ARRAY ARRAY[
    'timesheet.native_sessions(date, date, int, timestamptz)'::regprocedure,
    'timesheet.native_daily_hours(date, date, int, timestamptz)',
    'timesheet.native_weekly_hours(date, date, int, timestamptz)',
    'timesheet.native_notes(date, date, int, timestamptz)']
  LOOP
    EXECUTE pg_catalog.format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', native);
    EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO %s', native,
      (SELECT n.nspowner::regrole FROM pg_catalog.pg_namespace AS n WHERE n.nspname = 'timesheet'));
  END LOOP;
END
$$;
