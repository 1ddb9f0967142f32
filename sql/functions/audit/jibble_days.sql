-- The people that the summaries name, each with every day of [since, until].
CREATE OR REPLACE FUNCTION timesheet.jibble_days(since date, until date, summaries text[])
RETURNS TABLE (agent_id int, day date, seconds bigint, explanation text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH sheet AS (
    SELECT row_number() OVER () AS sheet, a.agent_id, timesheet.summary_seconds(s.summary, 'total') AS total,
      CASE WHEN json_typeof(s.summary) = 'object' AND json_typeof(s.summary -> 'daily') = 'array'
        THEN s.summary -> 'daily' END AS daily
    FROM (SELECT timesheet.readable(timesheet.as_json(u.summary)) FROM unnest(summaries) AS u (summary)) AS s (summary)
    JOIN timesheet.agents AS a ON a.jibble_id::text = lower(timesheet.member(s.summary, 'personId'))
  ), dated AS (
    SELECT s.sheet, s.agent_id, timesheet.try_date(left(timesheet.member(d.item, 'date'), 10)) AS day, f.seconds,
      f.explanation,
      -- Which of the two the total is the sum of is not known.
      greatest(timesheet.summary_seconds(d.item, 'tracked'), timesheet.summary_seconds(d.item, 'payrollHours'))
        AS most_counted
    FROM sheet AS s
    CROSS JOIN LATERAL json_array_elements(coalesce(s.daily, '[]')) AS d (item)
    CROSS JOIN LATERAL timesheet.summary_day(d.item) AS f
  ), person AS (
    SELECT s.agent_id,
      bool_and(s.daily IS NOT NULL)
        AND NOT EXISTS (SELECT FROM dated AS d WHERE d.agent_id = s.agent_id AND d.day IS NULL) AS has_every_date,
      max(s.total) FILTER (WHERE s.total > 0
        AND s.total > 60 + coalesce((SELECT sum(d.most_counted) FROM dated AS d WHERE d.sheet = s.sheet), 0))
        AS total_of_more
    FROM sheet AS s GROUP BY s.agent_id
  ), reported AS (
    SELECT d.agent_id, d.day, min(d.seconds) AS least, max(d.seconds) AS most,
      bool_or(d.seconds IS NULL) AS is_unreadable, min(d.explanation) AS explanation
    FROM dated AS d WHERE d.day BETWEEN since AND until GROUP BY d.agent_id, d.day
  )
  -- Of a list whose dates can all be read, a day that it leaves out has nothing; but not where the total says that
  -- some day was left out that has something.
  SELECT p.agent_id, c.day,
    CASE WHEN t.day IS NULL THEN CASE WHEN p.has_every_date AND p.total_of_more IS NULL THEN 0 END
         WHEN NOT t.is_unreadable AND t.least = t.most THEN t.least END,
    CASE WHEN t.day IS NULL AND p.has_every_date AND p.total_of_more IS NULL THEN 'Jibble: nothing on this day'
      WHEN t.day IS NULL AND p.has_every_date
        THEN format('Jibble leaves this day out, and its days have less than its total of %s',
          timesheet.length_text(trunc(least(p.total_of_more, 1e12))::bigint))
      WHEN t.day IS NULL THEN 'Jibble''s answer for this person has no days, or dates that cannot be read'
      WHEN NOT t.is_unreadable AND t.least <> t.most
        THEN format('Jibble gives two figures for this day: %s and %s',
          timesheet.length_text(t.least), timesheet.length_text(t.most))
      ELSE t.explanation END
  FROM person AS p CROSS JOIN (SELECT since + n FROM generate_series(0, until - since) AS n) AS c (day)
  LEFT JOIN reported AS t ON t.agent_id = p.agent_id AND t.day = c.day
$$;
COMMENT ON FUNCTION timesheet.jibble_days(date, date, text[]) IS
  'Jibble''s work seconds of each person named by these objects of its TimesheetsSummary and each day in [since, '
  'until], both included; null where they cannot be read, which is never taken for nothing. explanation: the figures '
  'behind it, or what is wrong.';
CALL timesheet.set_grants('FUNCTION timesheet.jibble_days(date, date, text[])');
