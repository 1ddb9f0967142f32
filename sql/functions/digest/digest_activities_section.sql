-- The rows come by their hours.
CREATE OR REPLACE FUNCTION timesheet.digest_activities_section(for_contact int, for_week date, room int) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH given AS MATERIALIZED (
    SELECT a.activity, a.hours, max(a.hours) OVER () AS most, row_number() OVER first AS place,
      row_number() OVER first <= 15 AND sum(745 + timesheet.html_length(a.activity)) OVER first <= room AS is_listed
    FROM timesheet.digest_activities(for_contact, for_week) AS a
    WINDOW first AS (ORDER BY a.hours DESC, a.activity ROWS UNBOUNDED PRECEDING)
  ), more AS (
    SELECT count(*) AS activities, coalesce(sum(g.hours), 0.00) AS hours FROM given AS g WHERE NOT g.is_listed
  ), shares AS MATERIALIZED (
    SELECT timesheet.percents(array_agg(g.hours ORDER BY g.place) || (SELECT m.hours FROM more AS m)) AS percents
    FROM given AS g WHERE g.is_listed
  )
  SELECT jsonb_build_object(
    'listed', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', g.activity, 'hours', g.hours::text,
      'bar', timesheet.percent(g.hours, g.most),
      'rest', 100 - timesheet.percent(g.hours, g.most)::int || '',
      'share', (SELECT s.percents[g.place] FROM shares AS s)::text) ORDER BY g.place), '[]')
      FROM given AS g WHERE g.is_listed),
    'count', m.activities, 'more', jsonb_build_object('count', m.activities::text, 'hours', m.hours::text,
      'share', coalesce((SELECT s.percents[cardinality(s.percents)] FROM shares AS s), 0)::text))
  FROM more AS m
$$;
COMMENT ON FUNCTION timesheet.digest_activities_section(int, date, int) IS
  'timesheet.digest_activities() as a digest shows them: the largest 15 within a number of bytes, the others in one '
  'line. The shares add up to 100.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_activities_section(int, date, int)');
