-- Our hours beside Jibble's own, so that a difference is seen by us first. Both sides are taken by Jibble's
-- date, as a working-time override of ours moves hours between days.

CREATE INDEX time_entries_deleted ON timesheet.time_entries (agent_id, start_time_utc) WHERE deleted_at IS NOT NULL;
CREATE INDEX hour_entries_deleted ON timesheet.hour_entries (agent_id, workday) WHERE deleted_at IS NOT NULL;

-- Whoever was removed may have worked before, and Jibble may have hours of somebody that we have none of. Of a person
-- whom Jibble has deleted for good there is nothing to ask for, unless we have something.
CREATE FUNCTION timesheet.audited_people(since date, until date) RETURNS SETOF uuid
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT a.jibble_id
  FROM timesheet.agents AS a
  CROSS JOIN LATERAL (
    -- Live ones and deleted ones apart: each has an index of its own.
    SELECT EXISTS (SELECT FROM timesheet.time_entries AS e
                   WHERE e.agent_id = a.agent_id AND e.start_time_utc >= (since - 2)::timestamp AT TIME ZONE 'UTC'
                     AND e.start_time_utc < (until + 3)::timestamp AT TIME ZONE 'UTC' AND e.deleted_at IS NULL)
      OR EXISTS (SELECT FROM timesheet.hour_entries AS h
                 WHERE h.agent_id = a.agent_id AND h.workday BETWEEN since AND until AND h.deleted_at IS NULL)
      OR EXISTS (SELECT FROM timesheet.time_entries AS e
                 WHERE e.agent_id = a.agent_id AND e.start_time_utc >= (since - 2)::timestamp AT TIME ZONE 'UTC'
                   AND e.start_time_utc < (until + 3)::timestamp AT TIME ZONE 'UTC' AND e.deleted_at IS NOT NULL)
      OR EXISTS (SELECT FROM timesheet.hour_entries AS h
                 WHERE h.agent_id = a.agent_id AND h.workday BETWEEN since AND until AND h.deleted_at IS NOT NULL)
      OR EXISTS (SELECT FROM timesheet.audit_findings AS f
                 WHERE f.agent_id = a.agent_id AND f.day BETWEEN since AND until)
      AS has_any
    OFFSET 0
  ) AS known
  WHERE known.has_any OR NOT timesheet.is_tombstoned('People', a.jibble_id)
  -- Where Jibble refuses those who were removed, the others are not among them.
  ORDER BY NOT known.has_any AND a.status IS NOT DISTINCT FROM 'Removed', a.agent_id
$$;
COMMENT ON FUNCTION timesheet.audited_people(date, date) IS
  'Jibble''s ids of whoever has entries or findings about [since, until], both included, or may have: everybody, those '
  'who were removed as well, but whom Jibble has deleted for good. Those removed of whom nothing is known come last.';

CREATE FUNCTION timesheet.last_closed_week() RETURNS TABLE (since date, until date)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT w.first_day - 7, w.first_day - 1
  FROM timesheet.settings AS s
  CROSS JOIN LATERAL (
    SELECT timesheet.week_start((now() AT TIME ZONE timesheet.default_time_zone())::date, s.week_starts_on) AS first_day
  ) AS w
  WHERE (SELECT timesheet.require_every_row())
$$;
COMMENT ON FUNCTION timesheet.last_closed_week() IS
  'The first and the last day of the last week that is over in settings.default_time_zone, by settings.week_starts_on.';

-- A member of a summary as a length. A length that is no number, such as an object, is not read as nothing.
CREATE FUNCTION timesheet.summary_seconds(day json, name text) RETURNS numeric
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT extract(epoch FROM timesheet.try_duration(timesheet.member(day, name)))
$$;
COMMENT ON FUNCTION timesheet.summary_seconds(json, text) IS
  'A duration of one day of a TimesheetsSummary in seconds, fractions included; null where there is none or it cannot '
  'be read.';

-- What Jibble says of one day. A break that it does not name is none; one that it names and cannot be read makes the
-- day unreadable.
CREATE FUNCTION timesheet.summary_day(day json) RETURNS TABLE (seconds bigint, explanation text)
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN f.is_plausible THEN f.net END,
    CASE WHEN f.is_plausible THEN
      'Jibble: ' || (
        SELECT string_agg(n.words || ' ' || timesheet.length_text(trunc(n.seconds)::bigint), ', ' ORDER BY n.place)
        FROM (
          SELECT v.*, timesheet.summary_seconds(day, v.name) AS seconds
          FROM (VALUES (1, 'tracked', 'tracked'), (2, 'paidBreak', 'paid break'), (3, 'unpaidBreak', 'unpaid break'),
            (4, 'payrollHours', 'payroll hours'), (5, 'paidTimeOff', 'paid time off'), (6, 'timeOff', 'time off'))
            AS v (place, name, words)
        ) AS n
        WHERE n.seconds > 0 AND n.seconds < 1e9 OR n.name = 'tracked')
    ELSE
      'Jibble''s figure cannot be read: ' || (
        SELECT string_agg(
          n.name || ' ' || coalesce('"' || left(timesheet.member(day, n.name), 40) || '"', 'is missing'),
          ', ' ORDER BY n.place)
        FROM (VALUES (1, 'tracked'), (2, 'paidBreak'), (3, 'unpaidBreak')) AS n (place, name)
        WHERE n.name = 'tracked' OR timesheet.member(day, n.name) IS NOT NULL)
    END
  FROM (
    -- Nobody works less than nothing on a day, nor longer than hour_entries can hold.
    SELECT b.net, coalesce(b.net BETWEEN 0 AND 31622400, false) AS is_plausible FROM (
      SELECT trunc(timesheet.summary_seconds(day, 'tracked') - sum(
        CASE WHEN timesheet.member(day, p.name) IS NULL THEN 0
             ELSE coalesce(timesheet.summary_seconds(day, p.name), 'NaN') END)) AS net
      FROM unnest(ARRAY['paidBreak', 'unpaidBreak']) AS p (name)
    ) AS b
  ) AS f
$$;
COMMENT ON FUNCTION timesheet.summary_day(json) IS
  'Jibble''s work of one day of a TimesheetsSummary: tracked less paidBreak and unpaidBreak, in whole seconds, '
  'null where that cannot be read; and the figures, those of payroll and time off too, in words.';

-- The people that the summaries name, each with every day of [since, until].
CREATE FUNCTION timesheet.jibble_days(since date, until date, summaries text[])
RETURNS TABLE (agent_id int, day date, seconds bigint, explanation text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
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

CREATE FUNCTION timesheet.our_days(since date, until date)
RETURNS TABLE (agent_id int, day date, seconds bigint, manual_seconds bigint, seconds_split_at_midnight bigint,
  is_incomplete boolean, sessions text[])
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  WITH session AS MATERIALIZED (
    SELECT s.agent_id, coalesce(e.belongs_to_date, s.workday) AS day, s.kind, s.seconds, s.started_at, s.ended_at,
      s.end_reason, s.started_at AT TIME ZONE z.zone AS local_start, s.ended_at AT TIME ZONE z.zone AS local_end,
      z.zone, v.name AS activity
    FROM timesheet.sessions(since - 2, until + 3) AS s
    JOIN timesheet.time_entries AS e USING (jibble_activity_id)
    LEFT JOIN timesheet.activities AS v ON v.activity_id = s.activity_id
    CROSS JOIN LATERAL (
      SELECT coalesce(timesheet.usable_time_zone(e.time_zone), (SELECT timesheet.default_time_zone())) OFFSET 0
    ) AS z (zone)
  ), part AS (
    SELECT s.agent_id, s.day, s.seconds, 0 AS manual, 0 AS split, s.started_at,
      to_char(s.local_start, 'HH24:MI') || '–' || to_char(s.local_end, 'HH24:MI') || ' '
        || coalesce(s.activity, '(no activity)') || ', ' || replace(s.end_reason, '_', ' ') AS words,
      false AS is_incomplete
    FROM session AS s WHERE s.kind = 'work'
    UNION ALL
    -- As a calendar would have it: what lies after local midnight is the next day's. The parts add up to the session's
    -- whole seconds.
    SELECT s.agent_id, c.day, 0, 0,
      trunc(extract(epoch FROM least(s.ended_at, (c.day + 1)::timestamp AT TIME ZONE s.zone) - s.started_at))
        - trunc(extract(epoch FROM greatest(s.started_at, c.day::timestamp AT TIME ZONE s.zone) - s.started_at)),
      NULL, NULL, false
    FROM session AS s
    CROSS JOIN LATERAL (
      SELECT s.local_start::date + n FROM generate_series(0, s.local_end::date - s.local_start::date) AS n
    ) AS c (day)
    WHERE s.kind = 'work'
    UNION ALL
    SELECT s.agent_id, s.day, 0, 0, 0, NULL, NULL, true
    FROM session AS s WHERE s.end_reason IN ('running', 'missing_clock_out', 'break_left_open')
    UNION ALL
    SELECT h.agent_id, h.workday, h.seconds, h.seconds, h.seconds, NULL,
      timesheet.length_text(h.seconds) || ' typed in as a duration', false
    FROM timesheet.hour_entries AS h WHERE h.deleted_at IS NULL AND h.workday BETWEEN since AND until
  )
  SELECT p.agent_id, p.day, sum(p.seconds)::bigint, sum(p.manual)::bigint, sum(p.split)::bigint,
    bool_or(p.is_incomplete),
    coalesce(array_agg(p.words ORDER BY p.started_at, p.words) FILTER (WHERE p.words IS NOT NULL), '{}')
  FROM part AS p WHERE p.day BETWEEN since AND until GROUP BY p.agent_id, p.day
$$;
COMMENT ON FUNCTION timesheet.our_days(date, date) IS
  'Our work seconds by agent and Jibble''s date in [since, until], both included, manual ones included; the same if '
  'work were cut at local midnight; whether a session of the day has no certain end; and the sessions in words, in '
  'the working zone.';

-- The shortest runs of adjacent days, beginning with the first day that has one, whose differences cancel. Two days may
-- do so for any reason; more of them only as nights in a row, where each is what midnight makes of our sessions:
--   day             1     2     3     4     5     6     7     8
--   difference     +6 h  +2 h  -2 h  -6 h   .    +6 h  -1 h  -5 h
--   cut at midnight yes   yes   yes   yes         no    no    no
--   sum            +6 h  +8 h  +6 h   0          +6 h  +5 h   0     so: 1 to 4, and 6 to 8 differ.
-- A day that agrees, or that cannot be compared, is not among the days and ends a run.
CREATE FUNCTION timesheet.cancelling_runs(days date[], differences bigint[], without_manual bigint[],
  cut_at_midnight boolean[])
RETURNS TABLE (first_day date, last_day date)
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  first int := 1;
  last int;
  total bigint;
  total_without_manual bigint;
  is_cut boolean;
BEGIN
  WHILE first < cardinality(days) LOOP
    total := differences[first];
    total_without_manual := without_manual[first];
    is_cut := cut_at_midnight[first];
    last := first;
    LOOP
      last := last + 1;
      EXIT WHEN last > cardinality(days) OR days[last] <> days[first] + (last - first);
      total := total + differences[last];
      total_without_manual := total_without_manual + without_manual[last];
      is_cut := is_cut AND cut_at_midnight[last];
      EXIT WHEN last > first + 1 AND NOT is_cut;
      IF least(abs(total), abs(total_without_manual)) <= 60 THEN
        first_day := days[first];
        last_day := days[last];
        RETURN NEXT;
        first := last;
        EXIT;
      END IF;
    END LOOP;
    first := first + 1;
  END LOOP;
END
$$;
COMMENT ON FUNCTION timesheet.cancelling_runs(date[], bigint[], bigint[], boolean[]) IS
  'Of days in ascending order, with our seconds less Jibble''s, manual ones included and not, and whether Jibble''s '
  'figure is ours cut at midnight: the runs of two adjacent days, or of more where all are cut, over which the '
  'differences sum up to at most 60 seconds.';

CREATE FUNCTION timesheet.audit(since date, until date, summaries text[], people uuid[] DEFAULT NULL,
  refused uuid[] DEFAULT '{}', refusals text[] DEFAULT '{}', unreadable uuid[] DEFAULT '{}', faults text[] DEFAULT '{}')
RETURNS TABLE (agent_id int, agent text, day date, our_seconds bigint, jibble_seconds bigint, kind text, detail text,
  sessions text[])
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  WITH compared AS (
    SELECT a.agent_id, a.full_name, c.day,
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
  ), judged AS MATERIALIZED (
    SELECT c.*, CASE
        WHEN c.is_refused THEN 'refused'
        WHEN c.theirs IS NULL THEN 'unreadable'
        WHEN least(abs(c.ours - c.theirs), abs(c.ours - c.manual - c.theirs)) <= 60 THEN 'agrees'
        WHEN c.is_incomplete THEN 'incomplete'
        ELSE 'differs' END AS kind,
      -- Jibble's figure is ours once our work is cut at midnight.
      coalesce(abs(c.split - c.ours) > 60
        AND least(abs(c.split - c.theirs), abs(c.split - c.manual - c.theirs)) <= 60, false) AS is_cut
    FROM compared AS c
    -- Whom Jibble does not name at all may be one who has nothing; where we have something, that is no answer.
    WHERE c.is_refused OR c.is_named OR c.ours > 0
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
        -- Where the day beside can be compared, its figure has to be nearer to what midnight makes of it than to ours.
        AND NOT EXISTS (
          SELECT FROM judged AS n
          WHERE n.agent_id = j.agent_id AND n.day IN (j.day - 1, j.day + 1) AND n.theirs IS NOT NULL
            AND NOT n.is_incomplete AND abs(n.split - n.ours) > 60 AND abs(n.ours - n.theirs) < abs(n.split - n.theirs))
    ) AS s GROUP BY s.agent_id, s.island
  ), across AS (
    SELECT r.*, (
        SELECT string_agg(
          format('%s ours %s, Jibble %s', j.day, timesheet.length_text(j.ours), timesheet.length_text(j.theirs)),
          '; ' ORDER BY j.day)
        FROM judged AS j WHERE j.agent_id = r.agent_id AND j.day BETWEEN r.first_day AND r.last_day) AS figures
    FROM (SELECT c.*, 'the hours are the same, on other days: ' AS words FROM cancelling AS c
          UNION ALL SELECT s.*, 'Jibble counts what lies after midnight on the next day: ' FROM split AS s) AS r
  )
  SELECT j.agent_id, j.full_name, j.day, j.ours, j.theirs,
    CASE WHEN x.first_day IS NULL THEN nullif(j.kind, 'agrees')
         WHEN x.first_day = j.day THEN 'across_midnight' END,
    CASE
      WHEN j.kind = 'agrees' OR x.first_day < j.day THEN NULL
      WHEN x.first_day = j.day THEN x.words || x.figures
      WHEN j.kind = 'refused' THEN coalesce(j.refusal, 'Jibble refused to answer for this person')
      WHEN NOT j.is_named THEN 'Jibble''s answer does not name this person'
      ELSE concat_ws('; ', j.explanation,
        'of ours typed in as durations: ' || timesheet.length_text(nullif(j.manual, 0)),
        CASE WHEN j.kind = 'incomplete' THEN 'a session of ours has no certain end' END)
    END,
    j.sessions
  FROM judged AS j LEFT JOIN across AS x ON x.agent_id = j.agent_id AND j.day BETWEEN x.first_day AND x.last_day
  ORDER BY j.day, j.full_name, j.agent_id
$$;
COMMENT ON FUNCTION timesheet.audit(date, date, text[], uuid[], uuid[], text[], uuid[], text[]) IS
  'Our work seconds beside Jibble''s, given as objects of its TimesheetsSummary, for each of the people (null: '
  'audited_people()) and each of Jibble''s days in [since, until], both included. kind, detail: as in '
  'timesheet.audit_findings, null where the day agrees: our work with or without manual seconds is within 60 seconds, '
  'or the day is a later one of several that differ across midnight. jibble_seconds null: not compared. refused, '
  'refusals: whom Jibble refused, and its words. unreadable, faults: whose answer made no sense, and why. sessions: '
  'what our figure is made of, in the working zone.';

CREATE VIEW timesheet.audit_lock AS SELECT 'held while the findings of an audit are stored' AS purpose;
COMMENT ON VIEW timesheet.audit_lock IS 'Locked, never read: held by timesheet.store_audit().';

-- Of the weeks in which days were audited. An alert is over when no day of its week differs: one that differed and
-- could not be compared again has not been seen to agree.
CREATE FUNCTION timesheet.update_audit_alerts(since date, until date) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  week record;
BEGIN
  FOR week IN
    SELECT w.first_day, count(*) AS days, count(DISTINCT f.agent_id) AS agents,
      count(*) FILTER (WHERE f.kind <> 'differs') AS not_compared
    FROM timesheet.settings AS s
    JOIN timesheet.audit_findings AS f
      ON f.day BETWEEN timesheet.week_start(since, s.week_starts_on)
                   AND timesheet.week_start(until, s.week_starts_on) + 6
    CROSS JOIN LATERAL (SELECT timesheet.week_start(f.day, s.week_starts_on)) AS w (first_day)
    WHERE f.kind = 'differs' OR f.differed_before
    GROUP BY w.first_day ORDER BY w.first_day
  LOOP
    PERFORM timesheet.raise_alert('audit_differs', 'week ' || to_char(week.first_day, 'YYYY-MM-DD'),
      format('from %s to %s hours differ from Jibble''s own by more than a minute on %s of %s%s; '
        'timesheet.audit_findings says which; once that is settled: timesheetd audit --since %1$s --until %2$s',
        to_char(week.first_day, 'YYYY-MM-DD'), to_char(week.first_day + 6, 'YYYY-MM-DD'),
        week.days || CASE week.days WHEN 1 THEN ' day' ELSE ' days' END,
        week.agents || CASE week.agents WHEN 1 THEN ' agent' ELSE ' agents' END,
        CASE WHEN week.not_compared > 0 THEN format(' (not compared again: %s)', week.not_compared) END));
  END LOOP;
  PERFORM timesheet.resolve_alert('audit_differs', a.subject)
  FROM timesheet.alerts AS a
  CROSS JOIN LATERAL (SELECT timesheet.try_date(substr(a.subject, 6))) AS w (first_day)
  WHERE a.kind = 'audit_differs' AND a.resolved_at IS NULL
    AND w.first_day <= update_audit_alerts.until AND w.first_day + 6 >= update_audit_alerts.since
    AND NOT EXISTS (SELECT FROM timesheet.audit_findings AS f
                    WHERE f.day BETWEEN w.first_day AND w.first_day + 6 AND (f.kind = 'differs' OR f.differed_before));
END
$$;
COMMENT ON FUNCTION timesheet.update_audit_alerts(date, date) IS
  'Raises the alert audit_differs of each week, by settings.week_starts_on, that has a day in [since, until], both '
  'included, and one that differs; resolves that of a week in which none does any more. Safe to repeat.';

CREATE FUNCTION timesheet.store_audit(since date, until date, people uuid[], summaries text[],
  refused uuid[] DEFAULT '{}', refusals text[] DEFAULT '{}', unreadable uuid[] DEFAULT '{}', faults text[] DEFAULT '{}')
RETURNS TABLE (agent_id int, agent text, day date, our_seconds bigint, jibble_seconds bigint, kind text, detail text,
  sessions text[])
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  compared int := 0;
  found_agents int[] := '{}';
  found_days date[] := '{}';
  result record;
BEGIN
  -- Of two audits at once the later one waits, and replaces what the other found.
  PERFORM timesheet.take_lock('audit_lock');
  FOR result IN
    SELECT * FROM timesheet.audit(store_audit.since, store_audit.until, summaries, people, refused, refusals,
      unreadable, faults)
  LOOP
    IF result.kind IS NOT NULL THEN
      result.detail := timesheet.one_line(result.detail);
      INSERT INTO timesheet.audit_findings AS f (agent_id, day, our_seconds, jibble_seconds, kind, detail)
      VALUES (result.agent_id, result.day, result.our_seconds, result.jibble_seconds, result.kind, result.detail)
      ON CONFLICT (agent_id, day) DO UPDATE SET
        our_seconds = excluded.our_seconds, jibble_seconds = excluded.jibble_seconds, kind = excluded.kind,
        detail = excluded.detail, audited_at = excluded.audited_at,
        differed_before = excluded.jibble_seconds IS NULL AND (f.kind = 'differs' OR f.differed_before);
      found_agents := found_agents || result.agent_id;
      found_days := found_days || result.day;
    END IF;
    compared := compared + (result.jibble_seconds IS NOT NULL)::int;
    agent_id := result.agent_id;
    agent := result.agent;
    day := result.day;
    our_seconds := result.our_seconds;
    jibble_seconds := result.jibble_seconds;
    kind := result.kind;
    detail := result.detail;
    sessions := result.sessions;
    RETURN NEXT;
  END LOOP;
  DELETE FROM timesheet.audit_findings AS f USING timesheet.agents AS a
  WHERE a.agent_id = f.agent_id AND a.jibble_id = ANY (store_audit.people)
    AND f.day BETWEEN store_audit.since AND store_audit.until
    AND NOT EXISTS (SELECT FROM unnest(found_agents, found_days) AS n (agent_id, day)
                    WHERE n.agent_id = f.agent_id AND n.day = f.day);
  IF compared > 0 THEN
    INSERT INTO timesheet.audits (since, until, people, agent_days)
    VALUES (store_audit.since, store_audit.until, cardinality(people), compared);
  END IF;
  PERFORM timesheet.update_audit_alerts(store_audit.since, store_audit.until);
END
$$;
COMMENT ON FUNCTION timesheet.store_audit(date, date, uuid[], text[], uuid[], text[], uuid[], text[]) IS
  'As timesheet.audit(); replaces the findings of these people and days by what it found, records that these days were '
  'audited unless nobody could be compared, and raises or resolves the alert of each week.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (16, '0016_audit');
