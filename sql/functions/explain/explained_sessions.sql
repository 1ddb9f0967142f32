-- R5 to R8: why each session of a workday ended, and where a carried activity came from.
CREATE OR REPLACE FUNCTION timesheet.explained_sessions(on_workday date, for_agent int, zone text)
RETURNS TABLE (at timestamptz, until timestamptz, seconds bigint, what text, because text, jibble_activity_id uuid,
  is_complete boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT s.started_at, s.ended_at, s.seconds, initcap(s.kind) || ', ' || v.label,
    CASE WHEN s.kind = 'break' THEN 'took a break ' WHEN s.activity_id IS NULL THEN 'worked without an activity '
         ELSE 'worked on ' || v.label || ' ' END
      || timesheet.rule_text(s.end_reason, s.kind = 'work', (SELECT r.missing_clock_out FROM timesheet.settings AS r))
      || coalesce('; it came without an activity, so it continues that of the work before the break (rule R8), '
                  || 'which began on ' || timesheet.local_time_text(c.start_time_utc, zone), ''),
    s.jibble_activity_id, s.is_complete
  FROM timesheet.sessions(on_workday, on_workday + 1, for_agent) AS s
  JOIN timesheet.activity_labels AS v ON v.key = coalesce(s.activity_id, 0)
  LEFT JOIN timesheet.time_entries AS o ON o.jibble_activity_id = s.jibble_activity_id
  -- Whatever lies between the two within the day came without an activity as well.
  LEFT JOIN LATERAL (
    SELECT e.start_time_utc FROM timesheet.time_entries AS e
    WHERE e.agent_id = for_agent AND e.workday = on_workday AND e.deleted_at IS NULL AND e.kind = 2
      AND e.activity_id IS NOT NULL
      AND (e.start_time_utc, e.jibble_activity_id) < (s.started_at, s.jibble_activity_id)
      AND e.start_time_utc >=
        (least(greatest(on_workday, '4713-01-31 BC'), '294276-11-30') - 2)::timestamp AT TIME ZONE 'UTC'
    ORDER BY e.start_time_utc DESC, e.jibble_activity_id DESC LIMIT 1
  ) AS c ON o.activity_id IS DISTINCT FROM s.activity_id
  WHERE num_nulls(on_workday, for_agent) = 0 -- null would be every day, and everybody
$$;
COMMENT ON FUNCTION timesheet.explained_sessions(date, int, text) IS
  'The sessions of timesheet.explain(), each with why it ended; times in words are in zone.';
CALL timesheet.set_grants('FUNCTION timesheet.explained_sessions(date, int, text)');
