-- R1, R3, R10: why each entry counts on its workday, or does not count.
CREATE OR REPLACE FUNCTION timesheet.explained_entries(ids uuid[], zone text)
RETURNS TABLE (at timestamptz, seconds bigint, what text, because text, jibble_activity_id uuid)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT e.start_time_utc, NULL::bigint,
    CASE e.raw_type WHEN 'In' THEN 'Clock-in' WHEN 'Out' THEN 'Clock-out' WHEN 'StartBreak' THEN 'Break'
      ELSE coalesce(e.raw_type, '(no type)') END || coalesce(' by ' || e.client_type, '') || ', ' || v.label,
    CASE
      WHEN e.deleted_at IS NOT NULL THEN timesheet.deletion_text(e.deleted_at, zone)
      WHEN e.kind = 3 THEN 'of an unknown type, so it counts for nothing (rule R1)'
      WHEN e.is_odd_workday THEN 'counts for ' || timesheet.date_text(e.workday) || ', the local date in '
        || timesheet.time_zone_label(e.time_zone) || ', as Jibble''s date, ' || timesheet.date_text(e.belongs_to_date)
        || ', is more than a day off (rule R3)'
      ELSE 'counts for ' || timesheet.date_text(e.workday)
        || CASE WHEN e.belongs_to_date = e.workday THEN ', as in Jibble'
             ELSE coalesce(', in Jibble for ' || timesheet.date_text(e.belongs_to_date), '') END
        || '; the working zone was ' || timesheet.time_zone_label(e.time_zone) || ' (rule R3)'
    END || coalesce('; ' || timesheet.note_text('unknown_time_zone', e.unknown_time_zone), ''),
    e.jibble_activity_id
  FROM timesheet.time_entries AS e
  JOIN timesheet.activity_labels AS v ON v.key = coalesce(e.activity_id, 0)
  WHERE e.jibble_activity_id = ANY (ids)
  UNION ALL
  SELECT NULL, h.seconds, 'Hours typed in, ' || v.label,
    coalesce(timesheet.deletion_text(h.deleted_at, zone), 'hours typed in for this date (rule R10)'), h.jibble_id
  FROM timesheet.hour_entries AS h
  JOIN timesheet.activity_labels AS v ON v.key = coalesce(h.activity_id, 0)
  WHERE h.jibble_id = ANY (ids)
$$;
COMMENT ON FUNCTION timesheet.explained_entries(uuid[], text) IS
  'The entries of timesheet.explain(), each with why it counts; times in words are in zone.';
CALL timesheet.set_grants('FUNCTION timesheet.explained_entries(uuid[], text)');
