-- docs/rules.md says what the engines do: its examples, line by line, its settings and its end reasons.
\ir setup.sql
\set document `cat docs/rules.md`
SET LOCAL timesheet_test.document = :'document';

-- The lines of the document's first table after a heading; it must have these columns.
CREATE FUNCTION spec.table_lines(heading text, VARIADIC columns text[])
RETURNS TABLE (number int, cells text[]) LANGUAGE sql STABLE AS $$
  WITH lines AS (
    SELECT n, n - row_number() OVER (ORDER BY n) AS block,
      (SELECT array_agg(trim(c) ORDER BY i)
        FROM string_to_table(trim('|' FROM replace(line, '`', '')), '|') WITH ORDINALITY AS u (c, i)) AS cells
    FROM string_to_table(split_part(current_setting('timesheet_test.document'), E'\n' || heading || E'\n', 2), E'\n')
      WITH ORDINALITY AS t (line, n)
    WHERE line LIKE '|%'
  ), head AS (
    SELECT * FROM lines ORDER BY n LIMIT 1
  )
  SELECT (l.n - h.n - 1)::int, l.cells FROM lines AS l, head AS h
  WHERE h.cells = columns AND l.block = h.block AND l.n > h.n + 1
$$;

SELECT feed('Organizations', '{"id": "00000000-0000-0000-0000-000000000001", "name": "Flexscale"}');
SELECT feed('Activities', format('{"id": "%s", "name": "A"}', guid('activity A', 0)),
  format('{"id": "%s", "name": "B"}', guid('activity B', 0)));

CREATE TEMP TABLE examples ON COMMIT DROP AS
SELECT number AS person, cells[1] AS entries, cells[2] AS condition, cells[3] AS expected
FROM table_lines('## Examples', 'entries (local time)', 'with', 'sessions and notes');
SELECT feed('People', VARIADIC array_agg(person(e.person))) FROM examples AS e;

SELECT plan(8 + count(*)::int) FROM examples;
SELECT cmp_ok(count(*)::int, '>=', 16, 'the document has all of its examples') FROM examples;

-- 'Mon 21:00 In A' is an entry of the week of Monday 2026-03-02.
CREATE FUNCTION spec.local_time(word text, clock text) RETURNS timestamp LANGUAGE plpgsql AS $$
DECLARE
  day int := array_position(ARRAY['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], word);
BEGIN
  IF day IS NULL THEN
    RAISE EXCEPTION 'the example has an entry on "%"; write Mon to Sun', word;
  END IF;
  RETURN date '2026-03-02' + day - 1 + clock::time;
END
$$;
-- A session as the document writes it: 'A Mon 4.5 h next_activity'. Of the notes, those of a clock-out without a
-- clock-in, and those that the document names: 'note Mon long_session'.
CREATE FUNCTION spec.seen(person int, as_of timestamptz, expected text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT concat_ws(' ', CASE s.kind WHEN 'work' THEN coalesce(v.name, 'no activity') ELSE s.kind END,
    to_char(s.workday, 'Dy'), trim_scale(s.seconds / 3600.0), 'h', s.end_reason)
  FROM timesheet.sessions(NULL, NULL, agent(person), as_of) AS s LEFT JOIN timesheet.activities AS v USING (activity_id)
  UNION ALL
  SELECT concat_ws(' ', 'note', to_char(n.workday, 'Dy'), n.code)
  FROM timesheet.notes(NULL, NULL, agent(person), as_of) AS n
  WHERE n.code = 'clock_out_without_clock_in' OR expected ~ ('note [A-Z][a-z]{2} ' || n.code || '\M')
$$;
CREATE FUNCTION spec.reset_settings() RETURNS void LANGUAGE sql AS $$
  UPDATE timesheet.settings SET day_cutoff = DEFAULT, max_session = DEFAULT, overnight_switch = DEFAULT,
    missing_clock_out = DEFAULT, long_session = DEFAULT, week_starts_on = DEFAULT, default_time_zone = DEFAULT,
    activity_after_break = DEFAULT
$$;
-- Feeds one example's entries under its condition and compares.
CREATE FUNCTION spec.example_holds(person int, entries text, condition text, expected text)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  as_of timestamptz := 'infinity';
  words text[] := string_to_array(condition, ' ');
  result text;
BEGIN
  PERFORM feed('TimeEntries',
    VARIADIC array_agg(event(100 * person + n::int, person, local_time(w[1], w[2]), w[3], w[4]) ORDER BY n))
  FROM string_to_table(entries, ', ') WITH ORDINALITY AS u (e, n), string_to_array(e, ' ') AS w;
  PERFORM reset_settings();
  IF condition LIKE 'asked at %' THEN
    as_of := local_time(words[3], words[4]) AT TIME ZONE 'Asia/Manila';
  ELSIF condition LIKE 'cut-off %' THEN
    PERFORM timesheet.set_working_time('2026-01-01', for_agent => agent(person), day_cutoff => words[2]::time);
  ELSIF condition LIKE '% = %' THEN
    EXECUTE format('UPDATE timesheet.settings SET %I = %L', words[1], words[3]);
  ELSIF condition <> '' THEN
    RAISE EXCEPTION 'the example''s condition "%" is none that this test knows', condition;
  END IF;
  SELECT bag_eq(format('SELECT seen(%s, %L, %L)', person, as_of, expected), string_to_array(expected, ', '),
    'example ' || person || ': ' || concat_ws(', ', entries, nullif(condition, '')))
  INTO result;
  RETURN result;
END
$$;
SELECT example_holds(e.person, e.entries, e.condition, e.expected) FROM examples AS e ORDER BY e.person;
SELECT reset_settings();
SELECT throws_like($$SELECT local_time('Monday', '09:00')$$, '%write Mon to Sun', 'a day that is misspelt is an error');

CREATE FUNCTION spec.setting_lines() RETURNS SETOF text[] LANGUAGE sql AS $$
  SELECT cells[1:2] FROM table_lines('## Settings', 'setting', 'default', 'rule', 'means')
$$;
SELECT bag_eq(
  'SELECT l[1] AS name, l[2] AS value FROM setting_lines() AS l',
  $$SELECT name, CASE WHEN name IN ('day_cutoff', 'max_session', 'overnight_switch', 'long_session') THEN left(value, 5)
    ELSE value END AS value
    FROM timesheet.settings AS s, jsonb_each_text(to_jsonb(s)) AS e (name, value)
    WHERE name IN ('day_cutoff', 'max_session', 'overnight_switch', 'missing_clock_out', 'long_session',
      'week_starts_on',
                   'default_time_zone', 'activity_after_break')$$,
  'the document lists the settings of the rules with their defaults');

SELECT bag_eq(
  $$SELECT cells[1] AS reason, cells[3] = 'yes' AS is_complete
    FROM table_lines('### R7 End reason', 'end_reason', 'the session ended because', 'complete')$$,
  $$SELECT r::text AS reason, r <= 'auto_clock_out' AS is_complete
    FROM unnest(enum_range(NULL::timesheet.end_reason)) AS r$$,
  'R7: the document lists every end reason and whether it is complete');

-- One list of what is unconfirmed: the document's, the engines' and the one in words.
SELECT bag_eq(
  $$SELECT m[1] AS reason FROM regexp_matches(
      substring(current_setting('timesheet_test.document') FROM '[*][*]Unconfirmed[*][*] is the part of ([^:]*):'),
      '`([a-z_]+)`', 'g') AS m$$,
  $$SELECT r::text AS reason FROM unnest(enum_range(NULL::timesheet.end_reason)) AS r
    WHERE timesheet.is_unconfirmed(r)$$,
  'R10: the document lists the end reasons that leave work unconfirmed');
SELECT is(
  (SELECT array_agg(words ORDER BY words)
    FROM (VALUES ('running', 'still running'), ('missing_clock_out', 'no clock-out'),
     ('auto_clock_out', 'clocked out automatically')) AS w (reason, words)
   WHERE timesheet.is_unconfirmed(reason::timesheet.end_reason)),
  (SELECT array_agg(words ORDER BY words)
    FROM regexp_split_to_table(timesheet.unconfirmed_text(), ', or |, ') AS words),
  'R10: people read all three reasons, and no other');
SELECT is_empty(
  $$SELECT r, w FROM unnest(enum_range(NULL::timesheet.end_reason)) AS r, unnest(ARRAY[true, false]) AS w,
    unnest(ARRAY['day_end', 'zero']) AS m,
      timesheet.rule_text(r::text, w, m) AS t
    WHERE t !~ '^[a-zJ][^_]+ [(]rule R[0-9]+[)]'
      OR (t LIKE '%unconfirmed (rule R10)') <> (w AND timesheet.is_unconfirmed(r))$$,
  'each end reason is explained in words, with its rule behind them');

SELECT is(
  (SELECT array_agg('R' || n || ' missing') FROM generate_series(1, 13) AS n
   WHERE current_setting('timesheet_test.document') !~ (E'\n### R' || n || ' [A-Z]')),
  NULL, 'the document has a heading for each rule');

SELECT * FROM finish();
ROLLBACK;
