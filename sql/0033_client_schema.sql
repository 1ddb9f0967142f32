-- What a client's own role sees: the same names as in the schema timesheet, and of each the rows of its client
-- groups. A schema of its own, so that such a role needs no right at all on the schema timesheet, and an API
-- can offer the one and not the other.
--
-- The engine reads all of an agent's events, whoever they belong to, as one of another client may end a
-- session; the filter is put on what comes out, inside of functions that run with their owner's rights. So a
-- condition of the caller's, however written, only ever meets rows that are the caller's.

CREATE SCHEMA timesheet_client;
COMMENT ON SCHEMA timesheet_client IS 'Hours worked for a client, for the client''s own role: see timesheet.set_client_access().';

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
  RETURN QUERY SELECT * FROM timesheet.notes(since, until, for_agent, as_of) AS r WHERE r.client_group_id = ANY (own);
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
  RETURN QUERY
    WITH own_hours AS MATERIALIZED (
      SELECT r.agent_id, r.workday, sum(r.work_seconds)::bigint AS work_seconds, sum(r.break_seconds)::bigint AS break_seconds, max(r.client_group_id) AS client_group_id
      FROM timesheet.daily_report AS r
      WHERE r.client_group_id = ANY (own) AND (since IS NULL OR r.workday >= since) AND (until IS NULL OR r.workday < until)
      GROUP BY r.agent_id, r.workday
    ), shared AS MATERIALIZED (
      SELECT DISTINCT r.agent_id, r.workday FROM timesheet.daily_report AS r
      WHERE r.agent_id = ANY (ARRAY(SELECT o.agent_id FROM own_hours AS o)) AND (r.client_group_id = ANY (own)) IS NOT TRUE
        AND (since IS NULL OR r.workday >= since) AND (until IS NULL OR r.workday < until)
    )
    SELECT r.* FROM timesheet.attendance AS r
    WHERE r.client_group_id = ANY (own) AND (since IS NULL OR r.workday >= since) AND (until IS NULL OR r.workday < until)
      AND NOT EXISTS (SELECT FROM shared AS d WHERE d.agent_id = r.agent_id AND d.workday = r.workday)
    UNION ALL -- R9 over the client's own sessions
    SELECT w.agent, w.workday, x.clock_in, x.clock_out, x.last_activity_at,
      w.time_zone, x.clock_in AT TIME ZONE w.time_zone, x.clock_out AT TIME ZONE w.time_zone, x.last_activity_at AT TIME ZONE w.time_zone,
      g.name, g.time_zone, x.clock_in AT TIME ZONE g.time_zone, x.clock_out AT TIME ZONE g.time_zone, x.last_activity_at AT TIME ZONE g.time_zone,
      o.work_seconds / 3600.0, o.break_seconds / 3600.0, coalesce(n.codes, ''),
      o.work_seconds, o.break_seconds, w.agent_id, g.client_group_id, w.agent_jibble_id, g.jibble_id
    FROM own_hours AS o JOIN shared AS d USING (agent_id, workday)
    CROSS JOIN LATERAL (SELECT a.* FROM timesheet.attendance AS a WHERE a.agent_id = o.agent_id AND a.workday = o.workday) AS w
    CROSS JOIN LATERAL (
      SELECT min(c.started_at) FILTER (WHERE c.kind = 'work') AS clock_in, (array_agg(c.clock_out ORDER BY c.started_at DESC, c.kind DESC, c.jibble_activity_id DESC))[1] AS clock_out,
        greatest(max(c.started_at), max(c.clock_out)) AS last_activity_at, (array_agg(c.client_group_id ORDER BY c.started_at DESC, c.kind DESC, c.jibble_activity_id DESC))[1] AS client_group_id
      FROM (
        SELECT s.*, CASE WHEN s.end_reason IN ('clock_out', 'auto_clock_out') THEN s.ended_at END AS clock_out
        FROM timesheet.session_log AS s WHERE s.agent_id = o.agent_id AND s.workday = o.workday AND s.client_group_id = ANY (own)
      ) AS c
    ) AS x
    JOIN timesheet.client_group_names AS g ON g.client_group_id = coalesce(x.client_group_id, o.client_group_id)
    CROSS JOIN LATERAL (
      SELECT string_agg(DISTINCT v.code, ', ' ORDER BY v.code) AS codes FROM timesheet.notes AS v
      WHERE v.agent_id = o.agent_id AND v.workday = o.workday AND v.client_group_id = ANY (own) AND v.code <> 'not_understood'
    ) AS n;
END
$$;
COMMENT ON FUNCTION timesheet_client.attendance_rows(date, date) IS 'The rows of timesheet_client.attendance whose workday lies in [since, until), without computing any other.';
CREATE VIEW timesheet_client.attendance WITH (security_barrier = true, security_invoker = true) AS
SELECT r.* FROM timesheet_client.attendance_rows() AS r;
COMMENT ON VIEW timesheet_client.attendance IS 'timesheet.attendance, of it the days of the caller''s client groups; of a day that an agent shared with another client, the caller''s part alone. Long histories are read faster, with bounds, by timesheet_client.attendance_rows().';

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
  RETURN QUERY SELECT r.* FROM timesheet.notes AS r
    WHERE r.client_group_id = ANY (own) AND (since IS NULL OR r.workday >= since) AND (until IS NULL OR r.workday < until);
END
$$;
COMMENT ON FUNCTION timesheet_client.notes_rows(date, date) IS 'The rows of timesheet_client.notes whose workday lies in [since, until), without computing any other.';
CREATE VIEW timesheet_client.notes WITH (security_barrier = true, security_invoker = true) AS
SELECT r.* FROM timesheet_client.notes_rows() AS r;
COMMENT ON VIEW timesheet_client.notes IS 'timesheet.notes, of it the notes of the caller''s client groups. Long histories are read faster, with bounds, by timesheet_client.notes_rows().';

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

DO $$ BEGIN PERFORM timesheet.close_to_public(); END $$;

INSERT INTO timesheet.schema_migrations (version, name) VALUES (33, '0033_client_schema');
