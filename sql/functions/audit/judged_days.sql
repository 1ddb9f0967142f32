CREATE OR REPLACE FUNCTION timesheet.judged_days(since date, until date, summaries text[], people uuid[],
  refused uuid[], refusals text[], unreadable uuid[], faults text[])
RETURNS TABLE (agent_id int, day date, ours bigint, manual bigint, split bigint, is_incomplete boolean,
  sessions text[], refusal text, theirs bigint, is_named boolean, explanation text, kind text, is_cut boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH compared AS (
    SELECT a.agent_id, c.day,
      coalesce(o.seconds, 0) AS ours, coalesce(o.manual_seconds, 0) AS manual,
      coalesce(o.seconds_split_at_midnight, 0) AS split, coalesce(o.is_incomplete, false) AS is_incomplete,
      coalesce(o.sessions, '{}') AS sessions, r.refusal, r.person IS NOT NULL AS is_refused,
      CASE WHEN r.person IS NULL AND u.person IS NULL THEN j.seconds END AS theirs,
      j.agent_id IS NOT NULL OR u.person IS NOT NULL AS is_named, coalesce(u.fault, j.explanation) AS explanation
    FROM timesheet.agents AS a
    CROSS JOIN (SELECT since + n FROM generate_series(0, until - since) AS n) AS c (day)
    LEFT JOIN unnest(refused, refusals) AS r (person, refusal) ON r.person = a.jibble_id
    LEFT JOIN unnest(unreadable, faults) AS u (person, fault) ON u.person = a.jibble_id
    LEFT JOIN timesheet.jibble_days(since, until, summaries) AS j ON j.agent_id = a.agent_id AND j.day = c.day
    LEFT JOIN timesheet.our_days(since, until) AS o ON o.agent_id = a.agent_id AND o.day = c.day
    WHERE a.jibble_id = ANY (coalesce(people, ARRAY(SELECT p FROM timesheet.audited_people(since, until) AS p)))
  )
  SELECT c.agent_id, c.day, c.ours, c.manual, c.split, c.is_incomplete, c.sessions, c.refusal, c.theirs,
    c.is_named, c.explanation,
    CASE
      WHEN c.is_refused THEN 'refused'
      WHEN c.theirs IS NULL THEN 'unreadable'
      WHEN least(abs(c.ours - c.theirs), abs(c.ours - c.manual - c.theirs)) <= 60 THEN 'agrees'
      WHEN c.is_incomplete THEN 'incomplete'
      ELSE 'differs' END,
    -- Jibble's figure is ours once our work is cut at midnight.
    coalesce(abs(c.split - c.ours) > 60
      AND least(abs(c.split - c.theirs), abs(c.split - c.manual - c.theirs)) <= 60, false)
  FROM compared AS c
  -- Whom Jibble does not name at all may be one who has nothing; where we have something, that is no answer.
  WHERE c.is_refused OR c.is_named OR c.ours > 0
$$;
COMMENT ON FUNCTION timesheet.judged_days(date, date, text[], uuid[], uuid[], text[], uuid[], text[]) IS
  'For timesheet.audit(), of whose arguments these are: our work seconds of each day and Jibble''s (theirs, null: '
  'not compared), with manual ones among ours and ours if work were cut at midnight (split). kind: agrees, incomplete, '
  'differs, refused or unreadable, of the day for itself. is_cut: whether Jibble''s figure is ours cut at midnight.';
CALL timesheet.set_grants('FUNCTION timesheet.judged_days(date, date, text[], uuid[], uuid[], text[], uuid[], text[])');
