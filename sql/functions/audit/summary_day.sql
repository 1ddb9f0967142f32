-- What Jibble says of one day. A break that it does not name is none; one that it names and cannot be read makes the
-- day unreadable.
CREATE OR REPLACE FUNCTION timesheet.summary_day(day json) RETURNS TABLE (seconds bigint, explanation text)
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
    -- Work on a day is not negative, and not longer than hour_entries can hold.
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
CALL timesheet.set_grants('FUNCTION timesheet.summary_day(json)');
