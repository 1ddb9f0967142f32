-- Which of them are over is given, as one may be resolved since they were read: the next message reports that.
CREATE OR REPLACE FUNCTION timesheet.notification_content(of_kind text, begun bigint[], ended bigint[]) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH ids AS MATERIALIZED (
    SELECT DISTINCT u.id, u.id = ANY (notification_content.ended) AS is_over
    FROM unnest(begun || notification_content.ended) AS u (id)
  ), lines AS MATERIALIZED (
    SELECT l.* FROM timesheet.alert_lines(ARRAY(SELECT i.id FROM ids AS i), notification_content.ended) AS l
  ), known AS (
    SELECT t.title, t.meaning, t.remedy, t.ended, timesheet.given_up_text(of_kind, s.subjects) AS given_up,
      s.is_over, greatest(cardinality(s.subjects) - 20, 0) AS more,
      (SELECT count(*) FROM timesheet.alerts AS a WHERE a.kind = of_kind AND a.resolved_at IS NULL
         AND a.acknowledged_at IS NULL AND NOT EXISTS (SELECT FROM ids AS i WHERE i.id = a.alert_id)) AS others
    FROM timesheet.alert_texts(of_kind) AS t CROSS JOIN (
      SELECT bool_and(i.is_over) AS is_over, array_agg(DISTINCT a.subject) AS subjects
      FROM ids AS i JOIN timesheet.alerts AS a ON a.alert_id = i.id) AS s
  ), said AS (
    SELECT k.title, k.is_over, k.more, CASE WHEN NOT k.is_over THEN 'Problem: '
        WHEN cardinality(begun) > 0 THEN 'Problem, over: ' ELSE 'Over: ' END || k.title AS subject,
      CASE WHEN NOT k.is_over THEN k.meaning WHEN k.given_up <> '' THEN k.given_up WHEN k.others = 0 THEN k.ended
        ELSE format('It is over, but %s still open.', CASE k.others WHEN 1 THEN 'another one of this kind is'
          ELSE k.others || ' others of this kind are' END) END AS meaning,
      CASE WHEN NOT k.is_over THEN k.remedy WHEN k.others = 0 THEN ''
        ELSE 'The page Health shows what is still open.' END AS remedy
    FROM known AS k
  )
  SELECT jsonb_build_object('subject', s.subject, 'title', s.title, 'is_over', s.is_over,
    'preheader', concat_ws('. ', (SELECT l.period FROM lines AS l WHERE l.place = 1), s.meaning),
    'zone', timesheet.time_zone_label(timesheet.default_time_zone()),
    'alerts', (SELECT jsonb_agg(jsonb_build_object('id', l.id, 'what', l.what, 'since', l.began, 'ended', l.ended,
        'is_over', l.is_over, 'when', l.period) ORDER BY l.place) FROM lines AS l),
    'has_more', s.more > 0, 'more', s.more,
    'meaning', s.meaning, 'remedy', s.remedy)
  FROM said AS s
$$;
COMMENT ON FUNCTION timesheet.notification_content(text, bigint[], bigint[]) IS
  'A message about alerts of one kind as the templates of timesheetd want it: those whose beginnings it reports, and '
  'those whose ends. At most 20 lines; more: how many others there are. remedy is empty where meaning says that too.';
CALL timesheet.set_grants('FUNCTION timesheet.notification_content(text, bigint[], bigint[])');
