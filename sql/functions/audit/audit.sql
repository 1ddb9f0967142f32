CREATE OR REPLACE FUNCTION timesheet.audit(since date, until date, summaries text[], people uuid[] DEFAULT NULL,
  refused uuid[] DEFAULT '{}', refusals text[] DEFAULT '{}', unreadable uuid[] DEFAULT '{}', faults text[] DEFAULT '{}')
RETURNS TABLE (agent_id int, agent text, day date, our_seconds bigint, jibble_seconds bigint, kind text, detail text,
  sessions text[])
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on
  SET row_security = off
AS $$
  WITH judged AS MATERIALIZED (
    SELECT d.* FROM timesheet.judged_days(since, until, summaries, people, refused, refusals, unreadable, faults) AS d
  ), differing AS (
    SELECT j.agent_id, array_agg(j.day ORDER BY j.day) AS days,
      array_agg(j.ours - j.theirs ORDER BY j.day) AS differences,
      array_agg(j.ours - j.manual - j.theirs ORDER BY j.day) AS without_manual,
      array_agg(j.is_cut ORDER BY j.day) AS cut_at_midnight
    FROM judged AS j WHERE j.kind = 'differs' GROUP BY j.agent_id
  ), cancelling AS (
    SELECT d.agent_id, r.first_day, r.last_day
    FROM differing AS d
    CROSS JOIN LATERAL timesheet.cancelling_runs(d.days, d.differences, d.without_manual, d.cut_at_midnight) AS r
  ), split AS (
    -- What is left and is cut at midnight: nights whose other part cannot be compared, lies outside of [since, until],
    -- or on a day that agrees because as much was cut off as was added.
    SELECT s.agent_id, min(s.day) AS first_day, max(s.day) AS last_day FROM (
      SELECT j.agent_id, j.day, j.day - row_number() OVER (PARTITION BY j.agent_id ORDER BY j.day)::int AS island
      FROM judged AS j
      WHERE j.kind = 'differs' AND j.is_cut
        AND NOT EXISTS (SELECT FROM cancelling AS c
                        WHERE c.agent_id = j.agent_id AND j.day BETWEEN c.first_day AND c.last_day)
        -- Where the next or previous day can be compared, it must be nearer to our figure cut at midnight than to ours.
        AND NOT EXISTS (
          SELECT FROM judged AS n
          WHERE n.agent_id = j.agent_id AND n.day IN (j.day - 1, j.day + 1) AND n.theirs IS NOT NULL
            AND NOT n.is_incomplete AND abs(n.split - n.ours) > 60 AND abs(n.ours - n.theirs) < abs(n.split - n.theirs))
    ) AS s GROUP BY s.agent_id, s.island
  ), across AS (
    SELECT r.*, (
        SELECT string_agg(
          format('%s ours %s, Jibble %s', timesheet.period_text(j.day, j.day), timesheet.length_text(j.ours),
            timesheet.length_text(j.theirs)),
          '; ' ORDER BY j.day)
        FROM judged AS j WHERE j.agent_id = r.agent_id AND j.day BETWEEN r.first_day AND r.last_day) AS figures
    FROM (SELECT c.*, 'the hours are the same, on other days: ' AS words FROM cancelling AS c
          UNION ALL SELECT s.*, 'Jibble counts what lies after midnight on the next day: ' FROM split AS s) AS r
  )
  SELECT j.agent_id, l.label, j.day, j.ours, j.theirs,
    CASE WHEN x.first_day IS NULL THEN nullif(j.kind, 'agrees')
         WHEN x.first_day = j.day THEN 'across_midnight' END,
    CASE
      WHEN j.kind = 'agrees' OR x.first_day < j.day THEN NULL
      WHEN x.first_day = j.day THEN x.words || x.figures
      WHEN j.kind = 'refused' THEN coalesce(j.refusal, 'Jibble refused to answer for this person')
      WHEN NOT j.is_named THEN 'Jibble''s answer does not name this person'
      ELSE concat_ws('; ', j.explanation,
        'of our hours, typed in as durations: ' || timesheet.length_text(nullif(j.manual, 0)),
        CASE WHEN j.kind = 'incomplete' THEN 'one of our sessions has no confirmed end' END)
    END,
    j.sessions
  FROM judged AS j JOIN timesheet.agent_labels AS l USING (agent_id)
  LEFT JOIN across AS x ON x.agent_id = j.agent_id AND j.day BETWEEN x.first_day AND x.last_day
  ORDER BY j.day, l.label
$$;
COMMENT ON FUNCTION timesheet.audit(date, date, text[], uuid[], uuid[], text[], uuid[], text[]) IS
  'Our work seconds and Jibble''s, given as objects of its TimesheetsSummary, for each of the people (null: '
  'audited_people()) and each of Jibble''s days in [since, until], both included. kind, detail: as in '
  'timesheet.audit_findings, null where the day agrees: our work with or without manual seconds is within 60 seconds, '
  'or the day is a later one of several that differ across midnight. jibble_seconds null: not compared. refused, '
  'refusals: people that Jibble refused, and its message. unreadable, faults: people whose answer could not be read, '
  'and why. sessions: what our figure is made of, in the working zone.';
CALL timesheet.set_grants('FUNCTION timesheet.audit(date, date, text[], uuid[], uuid[], text[], uuid[], text[])');
