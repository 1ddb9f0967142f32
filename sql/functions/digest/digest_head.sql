CREATE OR REPLACE FUNCTION timesheet.digest_head(for_contact int, for_week date, groups jsonb, is_revised boolean,
  noted bigint, corrected bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  names text[] := ARRAY(SELECT n FROM jsonb_array_elements_text(groups -> 'names') AS e (n));
  total numeric := groups ->> 'hours';
  unconfirmed numeric := groups ->> 'unconfirmed';
  zone text := timesheet.time_zone_label(groups ->> 'time_zone');
  previous numeric;
  has_previous boolean;
BEGIN
  SELECT coalesce(sum(c.hours), 0.00) INTO previous FROM timesheet.digest_cells(for_contact, for_week - 7) AS c;
  -- A week without hours can be compared with, unless there was nothing yet.
  has_previous := previous <> 0 OR timesheet.has_hours_before(for_contact, for_week);
  RETURN jsonb_build_object(
    'subject', format('%s: %s h in the %s%s', timesheet.digest_title(names), total, groups ->> 'weeks',
      CASE WHEN is_revised THEN ' (revised)' ELSE '' END),
    'preheader', timesheet.digest_preheader(total, previous, has_previous, noted, corrected),
    'title', timesheet.digest_title(names), 'period', groups ->> 'periods',
    'time_zones', coalesce(groups ->> 'time_zones', zone), 'is_empty', total = 0,
    'many_groups', cardinality(names) > 1,
    'total', jsonb_build_object(
      'hours', total::text, 'previous', previous::text, 'difference', abs(total - previous)::text,
      'has_previous', has_previous, 'is_more', total > previous, 'is_less', total < previous,
      'is_same', total = previous, 'unconfirmed', unconfirmed::text, 'has_unconfirmed', unconfirmed > 0),
    'as_of', to_char(now() AT TIME ZONE (groups ->> 'time_zone'), 'Dy FMDD Mon YYYY, HH24:MI') || ' (' || zone || ')');
END
$$;
COMMENT ON FUNCTION timesheet.digest_head(int, date, jsonb, boolean, bigint, bigint) IS
  'The subject of a digest and what is above its client groups: their names and period, and the hours next to '
  'those of the week before. groups: as timesheet.digest_groups() gives them; noted, corrected: how many notes and '
  'corrected weeks it has.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_head(int, date, jsonb, boolean, bigint, bigint)');
