CREATE OR REPLACE FUNCTION timesheet.queue_briefings(addresses text[], at timestamptz DEFAULT now()) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  for_day CONSTANT date := timesheet.briefing_day(at);
  staff CONSTANT text[] := ARRAY(SELECT DISTINCT lower(timesheet.clean_text(a.address) COLLATE "C")
    FROM unnest(addresses) AS a (address) WHERE timesheet.clean_text(a.address) IS NOT NULL ORDER BY 1);
  news record;
  open record;
  queued int := 0;
  reader record;
BEGIN
  PERFORM timesheet.require_every_row();
  IF for_day IS NULL OR EXISTS (SELECT FROM timesheet.briefings AS b WHERE b.day = for_day)
    OR (staff = '{}' AND NOT EXISTS (SELECT FROM timesheet.supervisors)) THEN
    RETURN 0;
  END IF;
  PERFORM timesheet.take_lock('digest_queue_lock');
  IF EXISTS (SELECT FROM timesheet.briefings AS b WHERE b.day = for_day) THEN -- another made it meanwhile
    RETURN 0;
  END IF;
  SELECT n.* INTO news FROM timesheet.briefing_news(at) AS n;
  SELECT d.* INTO open FROM timesheet.briefing_decisions(coalesce(
    (SELECT b.alert_ids FROM timesheet.briefings AS b ORDER BY b.day DESC LIMIT 1), '{}')) AS d;
  FOR reader IN
    SELECT NULL::int[] AS client_groups, s.email FROM unnest(staff) AS s (email)
    UNION ALL
    SELECT array_agg(p.client_group_id ORDER BY p.client_group_id), p.email FROM timesheet.supervisors AS p
    WHERE p.email <> ALL (staff) GROUP BY p.email
    ORDER BY client_groups NULLS FIRST, email
  LOOP
    queued := queued + timesheet.queue_briefing(for_day, reader.email, reader.client_groups, news.sessions,
      news.silences, news.outdated, to_jsonb(open));
  END LOOP;
  INSERT INTO timesheet.briefings (day, made_at, is_empty, as_of, alert_ids)
  VALUES (for_day, at, queued = 0, news.as_of, CASE WHEN staff = '{}' THEN '{}' ELSE open.alert_ids END);
  RETURN queued;
END
$$;
COMMENT ON FUNCTION timesheet.queue_briefings(text[], timestamptz) IS
  'Queues the morning briefing once a day, from settings.briefing_time in default_time_zone on: an e-mail to each of '
  'these addresses of staff, and to each supervisor its client groups'' part; none to whom there is nothing new to '
  'say. A supervisor who is staff gets that one alone. Without any reader nothing is recorded. Returns how many '
  'e-mails. Safe to repeat and to run concurrently.';
CALL timesheet.set_grants('FUNCTION timesheet.queue_briefings(text[], timestamptz)', 'EXECUTE TO timesheet_ingest');
