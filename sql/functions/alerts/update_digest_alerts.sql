CREATE OR REPLACE FUNCTION timesheet.update_digest_alerts() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  PERFORM timesheet.raise_alerts('digest_overdue', array_agg('week ' || w.week ORDER BY w.week),
    array_agg(format('%s of the week %s %s been due since %s and not sent: %s',
        CASE w.contacts WHEN 1 THEN 'the digest' ELSE 'the digests' END,
        w.period,
        CASE w.contacts WHEN 1 THEN 'has' ELSE 'for ' || w.contacts || ' contacts have' END,
        timesheet.office_time_text(w.due_at),
        coalesce(w.waits_because, 'nothing is in the way, so neither the job of pg_cron nor timesheetd digest send '
          'seems to run')) ORDER BY w.week))
  FROM (
    SELECT o.week, min(o.period) AS period, min(o.due_at) AS due_at, count(DISTINCT o.contact_id) AS contacts,
      min(o.waits_because) AS waits_because
    FROM timesheet.overdue_digests AS o GROUP BY o.week
  ) AS w;
  PERFORM timesheet.raise_alerts(k.kind, d.subjects, d.details)
  FROM (VALUES ('failed', 'digest_failed', 'failed'), ('in_doubt', 'digest_in_doubt', 'may have been sent or not'))
    AS k (state, kind, words)
  CROSS JOIN LATERAL (
    SELECT array_agg('digest ' || u.delivery_id ORDER BY u.delivery_id) AS subjects,
      array_agg(format('the digest to %s of the week %s %s%s', u.email, u.period, k.words, ': ' || u.error)
        ORDER BY u.delivery_id) AS details
    FROM timesheet.undelivered_digests AS u WHERE u.state = k.state
  ) AS d;
END
$$;
COMMENT ON FUNCTION timesheet.update_digest_alerts() IS
  'Raises and resolves the alerts about digests: digest_overdue for each week of which one is due for more than an '
  'hour and not sent, digest_failed and digest_in_doubt for each delivery that a person has to see to.';
CALL timesheet.set_grants('FUNCTION timesheet.update_digest_alerts()');
