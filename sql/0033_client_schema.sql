-- What a client's own role sees: the same names as in the schema timesheet, and of each the rows of its client
-- groups. A schema of its own, so that such a role needs no right at all on the schema timesheet, and an API
-- can offer the one and not the other.
--
-- The engine reads all of an agent's events, whoever they belong to, as one of another client may end a
-- session; the filter is put on what comes out, inside of functions that run with their owner's rights. So a
-- condition of the caller's, however written, only ever meets rows that are the caller's.

CREATE SCHEMA timesheet_client;
COMMENT ON SCHEMA timesheet_client IS 'Hours worked for a client, for the client''s own role: see timesheet.set_client_access().';

-- Named one by one, so that a note that is about the office's data and not about hours is shown to no client.
CREATE FUNCTION timesheet.client_note_codes() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT '{missing_clock_out,break_left_open,auto_clock_out,long_session,clock_out_without_clock_in,unknown_type,odd_workday}'::text[]
$$;
COMMENT ON FUNCTION timesheet.client_note_codes() IS 'The codes of timesheet.notes() that a client may see, each of its own entries (R13). The others are about what has no client group, or about the office''s data.';

-- One rule for every day, moved agents or not: R9 over what is the client groups' own. An event of another
-- client's may end an own session, and that session tells when; nothing else of the event is taken from it,
-- neither its workday nor its zone, and without a session, hours or a note of their own there is no row.
CREATE FUNCTION timesheet.client_attendance(of_client_groups int[], since date, until date) RETURNS SETOF timesheet.attendance
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
BEGIN
  RETURN QUERY
    WITH sessions AS (
      -- The last of each day in session order (R2), with what the day's others add.
      SELECT DISTINCT ON (s.agent_id, s.workday) s.agent_id, s.workday, s.client_group_id, s.jibble_activity_id,
        min(s.started_at) FILTER (WHERE s.kind = 'work') OVER of_day AS clock_in,
        CASE WHEN s.end_reason IN ('clock_out', 'auto_clock_out') THEN s.ended_at END AS clock_out,
        greatest(max(s.started_at) OVER of_day, max(s.ended_at) FILTER (WHERE s.end_reason IN ('clock_out', 'auto_clock_out')) OVER of_day) AS last_activity_at
      FROM timesheet.session_log AS s
      WHERE s.client_group_id = ANY (of_client_groups) AND (since IS NULL OR s.workday >= since) AND (until IS NULL OR s.workday < until)
      WINDOW of_day AS (PARTITION BY s.agent_id, s.workday)
      ORDER BY s.agent_id, s.workday, s.started_at DESC, s.kind DESC, s.jibble_activity_id DESC
    ), hours AS (
      SELECT r.agent_id, r.workday, sum(r.work_seconds)::bigint AS work_seconds, sum(r.break_seconds)::bigint AS break_seconds,
        max(r.client_group_id) AS client_group_id, array_agg(DISTINCT r.client_group ORDER BY r.client_group) AS client_groups
      FROM timesheet.daily_report AS r
      WHERE r.client_group_id = ANY (of_client_groups) AND (since IS NULL OR r.workday >= since) AND (until IS NULL OR r.workday < until)
      GROUP BY r.agent_id, r.workday
    ), noted AS (
      -- An entry of an unknown type is not live (R1): its note makes no day.
      SELECT n.agent_id, n.workday, string_agg(DISTINCT n.code, ', ' ORDER BY n.code) AS codes, max(n.at) FILTER (WHERE n.code <> 'unknown_type') AS last_activity_at,
        (array_agg(n.jibble_activity_id ORDER BY n.at DESC, n.jibble_activity_id DESC) FILTER (WHERE n.code <> 'unknown_type'))[1] AS jibble_activity_id,
        (array_agg(n.client_group_id ORDER BY n.at DESC, n.jibble_activity_id DESC) FILTER (WHERE n.code <> 'unknown_type'))[1] AS client_group_id
      FROM timesheet.notes AS n
      WHERE n.client_group_id = ANY (of_client_groups) AND n.code = ANY (timesheet.client_note_codes())
        AND (since IS NULL OR n.workday >= since) AND (until IS NULL OR n.workday < until)
      GROUP BY n.agent_id, n.workday
    ), days AS (
      SELECT agent_id, workday, s.clock_in, s.clock_out, greatest(s.last_activity_at, n.last_activity_at) AS last_activity_at,
        coalesce(s.client_group_id, h.client_group_id, n.client_group_id) AS client_group_id, coalesce(s.jibble_activity_id, n.jibble_activity_id) AS jibble_activity_id,
        coalesce(h.work_seconds, 0) AS work_seconds, coalesce(h.break_seconds, 0) AS break_seconds, coalesce(n.codes, '') AS codes, coalesce(h.client_groups, '{}') AS client_groups
      FROM hours AS h FULL JOIN noted AS n USING (agent_id, workday) LEFT JOIN sessions AS s USING (agent_id, workday)
      WHERE h.workday IS NOT NULL OR n.last_activity_at IS NOT NULL
    )
    SELECT a.name, d.workday, d.clock_in, d.clock_out, d.last_activity_at,
      z.zone, d.clock_in AT TIME ZONE z.zone, d.clock_out AT TIME ZONE z.zone, d.last_activity_at AT TIME ZONE z.zone,
      g.name, g.time_zone, d.clock_in AT TIME ZONE g.time_zone, d.clock_out AT TIME ZONE g.time_zone, d.last_activity_at AT TIME ZONE g.time_zone,
      d.work_seconds / 3600.0, d.break_seconds / 3600.0, d.codes,
      d.work_seconds, d.break_seconds, d.agent_id, g.client_group_id, a.jibble_id, g.jibble_id, d.client_groups
    FROM days AS d
    JOIN timesheet.agent_names AS a ON a.agent_id = d.agent_id
    JOIN timesheet.client_group_names AS g ON g.key = d.client_group_id
    LEFT JOIN timesheet.time_entries AS e ON e.jibble_activity_id = d.jibble_activity_id
    -- Not the agent's present one, which another client group may have set.
    CROSS JOIN LATERAL (
      SELECT coalesce(timesheet.usable_time_zone(e.time_zone), CASE WHEN d.jibble_activity_id IS NULL
        THEN timesheet.time_zone_at_noon(d.agent_id, d.workday) END, g.time_zone) AS zone OFFSET 0
    ) AS z;
END
$$;
COMMENT ON FUNCTION timesheet.client_attendance(int[], date, date) IS
  'timesheet.attendance as these client groups may see it: a row per agent and workday in [since, until), null for unbounded, with sessions, manual hours or notes of theirs, made of those alone. Clock-in, clock-out and last activity by R9 over their own sessions, whoever ended them, and notes; client group and working zone of the last own session, else of the manual hours or the last note; client_groups names theirs alone.';

CREATE FUNCTION timesheet_client.sessions(since date, until date, for_agent int DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (
  agent_id int, client_group_id int, activity_id int, workday date, kind text, started_at timestamptz, ended_at timestamptz,
  seconds bigint, end_reason text, is_complete boolean, jibble_activity_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
DECLARE
  own int[] := timesheet.client_groups_of_caller();
BEGIN
  RETURN QUERY SELECT * FROM timesheet.sessions(since, until, for_agent, as_of) AS r WHERE r.client_group_id = ANY (own);
END
$$;
COMMENT ON FUNCTION timesheet_client.sessions(date, date, int, timestamptz) IS 'timesheet.sessions(), of it the sessions of the caller''s client groups.';

CREATE FUNCTION timesheet_client.daily_hours(since date, until date, for_agent int DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (
  workday date, agent_id int, client_group_id int, activity_id int, work_seconds bigint, unconfirmed_seconds bigint,
  break_seconds bigint, manual_seconds bigint, session_count int, incomplete_count int)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
DECLARE
  own int[] := timesheet.client_groups_of_caller();
BEGIN
  RETURN QUERY SELECT * FROM timesheet.daily_hours(since, until, for_agent, as_of) AS r WHERE r.client_group_id = ANY (own);
END
$$;
COMMENT ON FUNCTION timesheet_client.daily_hours(date, date, int, timestamptz) IS 'timesheet.daily_hours(), of it the rows of the caller''s client groups.';

CREATE FUNCTION timesheet_client.weekly_hours(since date, until date, for_agent int DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (
  week_start date, agent_id int, client_group_id int, activity_id int, work_seconds bigint, unconfirmed_seconds bigint,
  break_seconds bigint, manual_seconds bigint, session_count int, incomplete_count int)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
DECLARE
  own int[] := timesheet.client_groups_of_caller();
BEGIN
  RETURN QUERY SELECT * FROM timesheet.weekly_hours(since, until, for_agent, as_of) AS r WHERE r.client_group_id = ANY (own);
END
$$;
COMMENT ON FUNCTION timesheet_client.weekly_hours(date, date, int, timestamptz) IS 'timesheet.weekly_hours(), of it the rows of the caller''s client groups.';

CREATE FUNCTION timesheet_client.notes(since date, until date, for_agent int DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (
  workday date, agent_id int, client_group_id int, code text, at timestamptz, detail text, jibble_activity_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
DECLARE
  own int[] := timesheet.client_groups_of_caller();
BEGIN
  RETURN QUERY SELECT * FROM timesheet.notes(since, until, for_agent, as_of) AS r
    WHERE r.client_group_id = ANY (own) AND r.code = ANY (timesheet.client_note_codes());
END
$$;
COMMENT ON FUNCTION timesheet_client.notes(date, date, int, timestamptz) IS 'timesheet.notes(), of it the notes of the caller''s client groups.';

CREATE FUNCTION timesheet_client.daily_report_rows(since date DEFAULT NULL, until date DEFAULT NULL) RETURNS SETOF timesheet.daily_report
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
DECLARE
  own int[] := timesheet.client_groups_of_caller();
BEGIN
  RETURN QUERY SELECT r.* FROM timesheet.daily_report AS r
    WHERE r.client_group_id = ANY (own) AND (since IS NULL OR r.workday >= since) AND (until IS NULL OR r.workday < until);
END
$$;
COMMENT ON FUNCTION timesheet_client.daily_report_rows(date, date) IS 'The rows of timesheet_client.daily_report whose workday lies in [since, until), without computing any other.';
CREATE VIEW timesheet_client.daily_report WITH (security_barrier = true, security_invoker = true) AS
SELECT r.* FROM timesheet_client.daily_report_rows() AS r;
COMMENT ON VIEW timesheet_client.daily_report IS 'timesheet.daily_report, of it the rows of the caller''s client groups. Long histories are read faster, with bounds, by timesheet_client.daily_report_rows().';

CREATE FUNCTION timesheet_client.weekly_report_rows(since date DEFAULT NULL, until date DEFAULT NULL) RETURNS SETOF timesheet.weekly_report
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
DECLARE
  own int[] := timesheet.client_groups_of_caller();
BEGIN
  RETURN QUERY SELECT r.* FROM timesheet.weekly_report AS r
    WHERE r.client_group_id = ANY (own) AND (since IS NULL OR r.week_start >= since) AND (until IS NULL OR r.week_start < until);
END
$$;
COMMENT ON FUNCTION timesheet_client.weekly_report_rows(date, date) IS 'The rows of timesheet_client.weekly_report whose week_start lies in [since, until), without computing any other.';
CREATE VIEW timesheet_client.weekly_report WITH (security_barrier = true, security_invoker = true) AS
SELECT r.* FROM timesheet_client.weekly_report_rows() AS r;
COMMENT ON VIEW timesheet_client.weekly_report IS 'timesheet.weekly_report, of it the rows of the caller''s client groups. Long histories are read faster, with bounds, by timesheet_client.weekly_report_rows().';

CREATE FUNCTION timesheet_client.attendance_rows(since date DEFAULT NULL, until date DEFAULT NULL) RETURNS SETOF timesheet.attendance
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
DECLARE
  own int[] := timesheet.client_groups_of_caller();
BEGIN
  RETURN QUERY SELECT r.* FROM timesheet.client_attendance(own, since, until) AS r;
END
$$;
COMMENT ON FUNCTION timesheet_client.attendance_rows(date, date) IS 'The rows of timesheet_client.attendance whose workday lies in [since, until), without computing any other.';
CREATE VIEW timesheet_client.attendance WITH (security_barrier = true, security_invoker = true) AS
SELECT r.* FROM timesheet_client.attendance_rows() AS r;
COMMENT ON VIEW timesheet_client.attendance IS 'timesheet.attendance, made of the sessions, manual hours and notes of the caller''s client groups alone: see timesheet.client_attendance(). Long histories are read faster, with bounds, by timesheet_client.attendance_rows().';

CREATE FUNCTION timesheet_client.session_log_rows(since date DEFAULT NULL, until date DEFAULT NULL) RETURNS SETOF timesheet.session_log
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
DECLARE
  own int[] := timesheet.client_groups_of_caller();
BEGIN
  RETURN QUERY SELECT r.* FROM timesheet.session_log AS r
    WHERE r.client_group_id = ANY (own) AND (since IS NULL OR r.workday >= since) AND (until IS NULL OR r.workday < until);
END
$$;
COMMENT ON FUNCTION timesheet_client.session_log_rows(date, date) IS 'The rows of timesheet_client.session_log whose workday lies in [since, until), without computing any other.';
CREATE VIEW timesheet_client.session_log WITH (security_barrier = true, security_invoker = true) AS
SELECT r.* FROM timesheet_client.session_log_rows() AS r;
COMMENT ON VIEW timesheet_client.session_log IS 'timesheet.session_log, of it the sessions of the caller''s client groups. Long histories are read faster, with bounds, by timesheet_client.session_log_rows().';

CREATE FUNCTION timesheet_client.notes_rows(since date DEFAULT NULL, until date DEFAULT NULL) RETURNS SETOF timesheet.notes
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
DECLARE
  own int[] := timesheet.client_groups_of_caller();
BEGIN
  -- By the entry's own zone: the agent's present one may be another client group's.
  RETURN QUERY SELECT r.workday, r.code, r.agent, r.client_group, r.at,
    r.at AT TIME ZONE coalesce(timesheet.usable_time_zone(e.time_zone), g.time_zone), r.detail,
      r.agent_id, r.client_group_id, r.jibble_activity_id
    FROM timesheet.notes AS r
    JOIN timesheet.client_group_names AS g ON g.key = r.client_group_id
    LEFT JOIN timesheet.time_entries AS e ON e.jibble_activity_id = r.jibble_activity_id
    WHERE r.client_group_id = ANY (own) AND r.code = ANY (timesheet.client_note_codes())
      AND (since IS NULL OR r.workday >= since) AND (until IS NULL OR r.workday < until);
END
$$;
COMMENT ON FUNCTION timesheet_client.notes_rows(date, date) IS 'The rows of timesheet_client.notes whose workday lies in [since, until), without computing any other.';
CREATE VIEW timesheet_client.notes WITH (security_barrier = true, security_invoker = true) AS
SELECT r.* FROM timesheet_client.notes_rows() AS r;
COMMENT ON VIEW timesheet_client.notes IS 'timesheet.notes, of it the notes of the caller''s client groups; at_local is in the working zone that the entry had. Long histories are read faster, with bounds, by timesheet_client.notes_rows().';

CREATE FUNCTION timesheet_client.client_groups_rows() RETURNS TABLE (client_group_id int, jibble_id uuid, name text, code text, time_zone text, week_starts_on int)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT g.client_group_id, g.jibble_id, g.name, g.code, g.time_zone, g.week_starts_on FROM timesheet.client_group_names AS g
  WHERE g.client_group_id = ANY (timesheet.client_groups_of_caller())
$$;
COMMENT ON FUNCTION timesheet_client.client_groups_rows() IS 'The rows of timesheet_client.client_groups.';
CREATE VIEW timesheet_client.client_groups WITH (security_barrier = true, security_invoker = true) AS
SELECT r.* FROM timesheet_client.client_groups_rows() AS r;
COMMENT ON VIEW timesheet_client.client_groups IS 'The caller''s client groups, with the zone and the first weekday (ISO, 1 Monday to 7 Sunday) in force.';

CREATE FUNCTION timesheet_client.round_hours(seconds bigint[]) RETURNS numeric[]
LANGUAGE sql IMMUTABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT timesheet.round_hours(seconds)
$$;
COMMENT ON FUNCTION timesheet_client.round_hours(bigint[]) IS 'timesheet.round_hours(): how cells are rounded for people (R12).';

CREATE FUNCTION timesheet.grant_client() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF to_regrole('timesheet_client') IS NULL THEN
    RAISE EXCEPTION 'role "timesheet_client" does not exist'
      USING ERRCODE = 'undefined_object', HINT = 'CREATE ROLE timesheet_client, as a role that may create roles; then call this again.';
  END IF;
  REVOKE ALL ON ALL FUNCTIONS IN SCHEMA timesheet_client FROM PUBLIC;
  GRANT USAGE ON SCHEMA timesheet_client TO timesheet_client;
  GRANT SELECT ON ALL TABLES IN SCHEMA timesheet_client TO timesheet_client;
  GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA timesheet_client TO timesheet_client;
END
$$;
COMMENT ON FUNCTION timesheet.grant_client() IS
  'Gives timesheet_client, of which each client''s role is a member, the schema timesheet_client and nothing else. Safe to repeat. Errors: undefined_object where the role is missing.';

-- As with timesheet_reader: another database of the server may have made it, even at this moment.
DO $$
BEGIN
  IF to_regrole('timesheet_client') IS NULL THEN
    BEGIN
      CREATE ROLE timesheet_client; -- nobody signs in as it: each client has a role of its own that is a member
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE NOTICE 'role "%" may not create the role timesheet_client, so clients cannot be given roles yet', current_user
          USING HINT = 'As a role that may: CREATE ROLE timesheet_client; then, as the owner of the schema: SELECT timesheet.grant_client().';
    END;
  END IF;
  IF to_regrole('timesheet_client') IS NOT NULL THEN
    PERFORM timesheet.grant_client();
  END IF;
END
$$;

DO $$ BEGIN PERFORM timesheet.revoke_public_execute(); END $$;

INSERT INTO timesheet.schema_migrations (version, name) VALUES (33, '0033_client_schema');
