CREATE OR REPLACE FUNCTION timesheet.explained_hours(on_workday date, for_agent int)
RETURNS TABLE (seconds bigint, what text, because text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT h.work_seconds, g.label || ', ' || v.label,
    concat_ws('; ',
      coalesce(timesheet.count_text(h.session_count, 'work session', 'work sessions'), 'no work session'),
      CASE WHEN h.manual_seconds > 0 THEN timesheet.length_text(h.manual_seconds) || ' typed in without times' END,
      CASE WHEN h.unconfirmed_seconds > 0 THEN timesheet.length_text(h.unconfirmed_seconds) || ' unconfirmed' END,
      CASE WHEN h.break_seconds > 0 THEN timesheet.length_text(h.break_seconds) || ' of breaks, not in the hours' END
    ) || ' (rule R10)'
  FROM timesheet.daily_hours(on_workday, on_workday + 1, for_agent) AS h
  JOIN timesheet.client_group_labels AS g ON g.key = coalesce(h.client_group_id, 0)
  JOIN timesheet.activity_labels AS v ON v.key = coalesce(h.activity_id, 0)
  WHERE num_nulls(on_workday, for_agent) = 0
$$;
COMMENT ON FUNCTION timesheet.explained_hours(date, int) IS
  'The hours of timesheet.explain(): a row for each client group and activity of the workday.';
CALL timesheet.set_grants('FUNCTION timesheet.explained_hours(date, int)');
