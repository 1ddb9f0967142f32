CREATE OR REPLACE FUNCTION timesheet.incomplete_session_text(kind text, workday date, started_at timestamptz,
  ended_at timestamptz, seconds bigint, zone text, OUT what text, OUT counted text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT
    CASE kind WHEN 'work' THEN 'No clock-out; work began ' ELSE 'A break without an end; it began ' END
      || CASE WHEN s.local::date = workday THEN '' ELSE to_char(s.local, 'Dy FMDD Mon') || ', ' END
      || to_char(s.local, 'HH24:MI') || ' (' || timesheet.time_zone_label(zone) || ')',
    CASE WHEN seconds = 0 OR kind <> 'work' THEN 'not counted'
      ELSE trim_scale((timesheet.round_hours(ARRAY[seconds]))[1]) || ' h counted, until '
        || CASE WHEN e.local::time = '00:00' AND e.local::date = s.local::date + 1 THEN 'midnight'
          WHEN e.local::date = s.local::date THEN to_char(e.local, 'HH24:MI')
          ELSE to_char(e.local, 'Dy FMDD Mon, HH24:MI') END END
  FROM (SELECT started_at AT TIME ZONE zone) AS s (local), (SELECT ended_at AT TIME ZONE zone) AS e (local)
$$;
COMMENT ON FUNCTION timesheet.incomplete_session_text(text, date, timestamptz, timestamptz, bigint, text) IS
  'A session without an end as a briefing says it: what is missing, when it began in its zone, and what of it is '
  'counted. Give a usable zone.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.incomplete_session_text(text, date, timestamptz, timestamptz, bigint, text)');
