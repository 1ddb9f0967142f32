CREATE OR REPLACE FUNCTION timesheet.correction_effect(kind text, wanted jsonb, touched int[], OUT entries bigint,
  OUT weeks date[], OUT digests jsonb)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  CREATE TEMP TABLE pg_temp.before_correction ON COMMIT DROP AS
  SELECT * FROM timesheet.entry_places(touched);
  SELECT CASE kind
      WHEN 'set_working_time' THEN timesheet.set_working_time(w.since::date, w.for_agent, w.for_client_group,
        w.time_zone, w.day_cutoff)
      WHEN 'assign_client_group' THEN timesheet.assign_client_group(w.for_agent, w.for_client_group,
        w.since::timestamptz)
      WHEN 'revoke_correction' THEN timesheet.revoke_correction(w.correction) END
  INTO entries
  FROM jsonb_to_record(wanted) AS w (since text, for_agent int, for_client_group int, time_zone text, day_cutoff time,
    correction bigint);
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
END
$$;
COMMENT ON FUNCTION timesheet.correction_effect(text, jsonb, int[]) IS
  'Makes a correction, for timesheet.preview_correction(), which undoes it; touched: its agents, locked. What it did: '
  'see there.';
CALL timesheet.set_grants('FUNCTION timesheet.correction_effect(text, jsonb, int[])');
