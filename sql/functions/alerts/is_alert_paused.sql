-- A time that lies further ahead than the pause is one of a clock that was wrong, and holds nothing up.
CREATE OR REPLACE FUNCTION timesheet.is_alert_paused(of_way text, of_kind text) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT EXISTS (
    SELECT FROM (
      SELECT m.state, greatest(m.created_at, m.sent_at) AS at FROM timesheet.webhook_messages AS m
      WHERE of_way = 'webhook' AND m.kind = of_kind AND m.state <> 'failed'
      UNION ALL
      SELECT m.state, greatest(m.created_at, m.sent_at) FROM timesheet.outbox_messages AS m
      WHERE of_way LIKE 'email %' AND m.kind = 'alert' AND m.alert_kind = of_kind AND m.recipient = substr(of_way, 7)
        AND (m.state <> 'failed' OR m.last_attempt_at IS NOT NULL) -- an address that refuses is not asked more often
    ) AS m CROSS JOIN timesheet.settings AS s
    WHERE m.state IN ('queued', 'sending')
      OR m.at > clock_timestamp() - s.alert_pause AND m.at <= clock_timestamp() + s.alert_pause)
$$;
COMMENT ON FUNCTION timesheet.is_alert_paused(text, text) IS
  'Whether no message about alerts of this kind may be queued by this way now: one waits to be sent, or was sent less '
  'than settings.alert_pause ago; or its address refused one that was queued since then.';
CALL timesheet.set_grants('FUNCTION timesheet.is_alert_paused(text, text)');
