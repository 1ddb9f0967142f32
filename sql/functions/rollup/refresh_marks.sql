CREATE OR REPLACE FUNCTION timesheet.refresh_marks(marks bigint[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  agents int[];
  days date[];
  running_agents int[];
  running_days date[];
BEGIN
  PERFORM timesheet.require_writable();
  SELECT array_agg(d.agent_id ORDER BY d.agent_id, d.workday), array_agg(d.workday ORDER BY d.agent_id, d.workday)
  INTO agents, days
  FROM (SELECT DISTINCT s.agent_id, s.workday FROM timesheet.stale_days AS s WHERE s.stale_day_id = ANY (marks)) AS d;
  SELECT array_agg(r.agent_id), array_agg(r.workday) INTO running_agents, running_days
  FROM timesheet.running_days(agents, days) AS r;
  SELECT array_agg(d.agent_id ORDER BY d.agent_id, d.workday), array_agg(d.workday ORDER BY d.agent_id, d.workday)
  INTO agents, days
  FROM unnest(agents, days) AS d (agent_id, workday)
  WHERE NOT EXISTS (SELECT FROM unnest(running_agents, running_days) AS r (agent_id, workday)
    WHERE r.agent_id = d.agent_id AND r.workday = d.workday);

  IF agents IS NOT NULL THEN
    PERFORM timesheet.refresh_hours(agents, days);
    PERFORM timesheet.refresh_sessions(agents, days);
    PERFORM timesheet.refresh_notes(agents, days);
    PERFORM timesheet.refresh_attendance(agents, days);
  END IF;

  -- What is running changes with the clock: such a day stays marked, once, and what is stored of it is ignored. So it
  -- is not stored before it has ended, and a poll that finds nothing new writes nothing.
  DELETE FROM timesheet.stale_days AS s
  WHERE s.stale_day_id = ANY (marks)
    AND s.stale_day_id NOT IN (
      SELECT max(k.stale_day_id) FROM timesheet.stale_days AS k
      JOIN unnest(running_agents, running_days) AS r (agent_id, workday)
        ON r.agent_id = k.agent_id AND r.workday = k.workday
      WHERE k.stale_day_id = ANY (marks)
      GROUP BY k.agent_id, k.workday);
  RETURN coalesce(cardinality(agents), 0) + coalesce(cardinality(running_agents), 0);
END
$$;
COMMENT ON FUNCTION timesheet.refresh_marks(bigint[]) IS
  'Stores what these rows of stale_days mark, and deletes them, but not days with a running session; for a caller that '
  'holds the refresh lock and read them after it took it. Returns how many agents'' days were computed.';
CALL timesheet.set_grants('FUNCTION timesheet.refresh_marks(bigint[])');
