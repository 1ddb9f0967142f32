-- It is made and undone, so that what is said is what will be. The writers' lock is held meanwhile.
CREATE OR REPLACE FUNCTION timesheet.preview_correction(kind text, arguments jsonb, OUT entries bigint,
  OUT weeks date[], OUT digests jsonb)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  wanted record;
  touched int[];
BEGIN
  IF jsonb_typeof(arguments) IS DISTINCT FROM 'object' THEN
    RAISE EXCEPTION 'the arguments are %, not an object', coalesce(left(arguments::text, 80), 'null')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give those of the function by name.';
  END IF;
  PERFORM timesheet.require_writable();
  PERFORM timesheet.lock_writers();
  SELECT * INTO wanted FROM jsonb_to_record(arguments) AS w (since text, for_agent int, for_client_group int,
    time_zone text, day_cutoff time, correction bigint);
  touched := CASE kind
    WHEN 'set_working_time'
    THEN timesheet.agents_of_correction('working_time', wanted.for_agent, wanted.for_client_group)
    WHEN 'assign_client_group' THEN ARRAY[wanted.for_agent]
    ELSE (SELECT timesheet.agents_of_correction(c.kind, c.agent_id, c.client_group_id)
      FROM timesheet.corrections AS c WHERE c.correction_id = wanted.correction) END;
  BEGIN
    CREATE TEMP TABLE pg_temp.before_correction ON COMMIT DROP AS
    SELECT * FROM timesheet.entry_places(touched);
    entries := CASE kind
      WHEN 'set_working_time' THEN timesheet.set_working_time(wanted.since::date, wanted.for_agent,
        wanted.for_client_group, wanted.time_zone, wanted.day_cutoff)
      WHEN 'assign_client_group' THEN timesheet.assign_client_group(wanted.for_agent, wanted.for_client_group,
        wanted.since::timestamptz)
      WHEN 'revoke_correction' THEN timesheet.revoke_correction(wanted.correction) END;
    IF entries IS NULL THEN
      RAISE EXCEPTION 'there is no correction of the kind %', coalesce(kind, 'null')
        USING ERRCODE = 'invalid_parameter_value',
          HINT = 'Give set_working_time, assign_client_group or revoke_correction.';
    END IF;
    -- Where an entry counts, and how long one that nothing ends may last.
    WITH moved AS (
      SELECT DISTINCT m.client_group_id, m.workday
      FROM pg_temp.before_correction AS b JOIN timesheet.entry_places(touched) AS n USING (id)
      CROSS JOIN LATERAL (VALUES (b.client_group_id, b.workday), (n.client_group_id, n.workday))
        AS m (client_group_id, workday)
      WHERE (b.client_group_id, b.workday, b.workday_end)
        IS DISTINCT FROM (n.client_group_id, n.workday, n.workday_end)
    )
    SELECT coalesce((SELECT array_agg(DISTINCT w.week ORDER BY w.week) FROM (
        SELECT timesheet.week_start(m.workday,
          coalesce(g.week_starts_on, (SELECT s.week_starts_on FROM timesheet.settings AS s))) AS week
        FROM moved AS m LEFT JOIN timesheet.client_groups AS g USING (client_group_id)) AS w), '{}'),
      coalesce((SELECT jsonb_agg(jsonb_build_object('delivery', d.delivery_id, 'email', d.email, 'week', d.week)
          ORDER BY d.week, d.email, d.delivery_id)
        FROM timesheet.digest_deliveries AS d
        WHERE d.state <> 'failed' AND EXISTS (
          SELECT FROM timesheet.digest_reported_weeks AS t JOIN moved AS m USING (client_group_id)
          WHERE t.delivery_id = d.delivery_id AND t.week = d.week
            AND m.workday BETWEEN t.first_day AND t.first_day + 6)
          AND NOT EXISTS (SELECT FROM timesheet.digest_deliveries AS l
            WHERE l.contact_id = d.contact_id AND l.week = d.week AND l.state <> 'failed'
              AND l.revision > d.revision)), '[]')
    INTO weeks, digests;
    RAISE EXCEPTION USING ERRCODE = 'TS000', MESSAGE = 'undone'; -- variables keep what was found
  EXCEPTION WHEN SQLSTATE 'TS000' THEN NULL;
  END;
END
$$;
COMMENT ON FUNCTION timesheet.preview_correction(text, jsonb) IS
  'What a correction would do, without making it. kind: set_working_time, assign_client_group or revoke_correction; '
  'arguments: those of that function by name. entries: how many would change; weeks: the first day of each week in '
  'which a client group''s day has other entries or another end then; digests: what was sent, or is on its way, of '
  'such days: [{"delivery", "email", "week"}], the last of each contact and week. Errors: those of the function.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.preview_correction(text, jsonb)',
  'EXECUTE TO timesheet_operator');
