-- Of the weeks in which days were audited. An alert is over when no day of its week differs: one that differed and
-- could not be compared again has not been seen to agree.
CREATE OR REPLACE FUNCTION timesheet.update_audit_alerts(since date, until date) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
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
      format('in the week %3$s our hours differ from Jibble''s by more than a minute on %4$s of %5$s%6$s; '
        'timesheet.audit_findings lists them; once that is corrected, run timesheetd audit --since %1$s --until %2$s',
        to_char(week.first_day, 'YYYY-MM-DD'), to_char(week.first_day + 6, 'YYYY-MM-DD'),
        timesheet.period_text(week.first_day, week.first_day + 6),
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
  'included, and one that differs; resolves that of a week in which none does any more. Its subject is a key, the ISO '
  'date of the week''s first day; the detail names the week for people. Safe to repeat.';
CALL timesheet.set_grants('FUNCTION timesheet.update_audit_alerts(date, date)');
