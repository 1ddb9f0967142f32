-- What is found is marked at once, also what is too old to be reported: a history that is read later, or a setting that
-- is changed, makes no old session news. While nothing is read every agent falls silent, so none is said to be.
CREATE OR REPLACE FUNCTION timesheet.briefing_news(at timestamptz, OUT sessions jsonb, OUT silences jsonb,
  OUT outdated text, OUT as_of timestamptz)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  read_through timestamptz;
  is_stale boolean;
  -- Seven days, so that what comes late is in it, and after a longer pause all of that.
  reported_since CONSTANT timestamptz := least(at - interval '168 hours',
    (SELECT least(b.made_at, b.as_of) FROM timesheet.briefings AS b ORDER BY b.day DESC LIMIT 1));
BEGIN
  SELECT f.fresh_through, f.is_stale AND f.fresh_through IS NOT NULL INTO read_through, is_stale
  FROM timesheet.feed_health AS f;
  as_of := least(at, read_through); -- a clock-out that was not read yet is not missing
  WITH found AS MATERIALIZED (
    SELECT i.* FROM timesheet.incomplete_sessions(as_of) AS i
    WHERE NOT EXISTS (SELECT FROM timesheet.briefed_sessions AS b WHERE b.jibble_activity_id = i.jibble_activity_id)
  ), marked AS (
    INSERT INTO timesheet.briefed_sessions SELECT f.jibble_activity_id, at FROM found AS f ON CONFLICT DO NOTHING
  )
  SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') INTO sessions FROM found AS f WHERE f.certain_at > reported_since;
  WITH found AS MATERIALIZED (
    SELECT s.agent_id, a.client_group_id, s.last_activity_at,
      coalesce(timesheet.usable_time_zone(a.time_zone), timesheet.default_time_zone()) AS time_zone,
      NOT EXISTS (SELECT FROM timesheet.briefed_silences AS b
        WHERE b.agent_id = s.agent_id AND b.last_activity_at >= s.last_activity_at) AS is_new
    FROM timesheet.silent_agents AS s JOIN timesheet.agents AS a USING (agent_id) WHERE NOT is_stale
  ), marked AS (
    INSERT INTO timesheet.briefed_silences SELECT f.agent_id, f.last_activity_at, at FROM found AS f WHERE f.is_new
    ON CONFLICT DO NOTHING
  )
  SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') INTO silences FROM found AS f;
  IF is_stale THEN
    outdated := 'What happened since ' || timesheet.office_time_text(read_through)
      || ' has not been read from Jibble yet and is not in here.';
  END IF;
  -- Longer than either can be found again.
  DELETE FROM timesheet.briefed_sessions AS b WHERE b.briefed_at < at - interval '100 days';
  DELETE FROM timesheet.briefed_silences AS b WHERE b.last_activity_at < at - interval '100 days';
END
$$;
COMMENT ON FUNCTION timesheet.briefing_news(timestamptz) IS
  'What a briefing at this instant has to say, recorded as said: the sessions without an end that have become certain '
  'since the last one, at least within 7 days, and were in none before; all silent agents, and which are newly so; a '
  'sentence where the data is out of date; and up to when what was read was looked at.';
CALL timesheet.set_grants('FUNCTION timesheet.briefing_news(timestamptz)');
