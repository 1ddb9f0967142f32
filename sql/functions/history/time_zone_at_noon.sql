CREATE OR REPLACE FUNCTION timesheet.time_zone_at_noon(for_agent int, on_date date) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT coalesce(timesheet.usable_time_zone(t.time_zone), timesheet.default_time_zone())
  FROM timesheet.agent_history AS t
  WHERE t.agent_id = for_agent
    AND t.valid_from <= (least(greatest(on_date, '4713-01-31 BC'), '294276-11-30') + time '12:00')
      AT TIME ZONE coalesce(timesheet.usable_time_zone(t.time_zone), 'UTC')
  ORDER BY t.valid_from DESC LIMIT 1
$$;
COMMENT ON FUNCTION timesheet.time_zone_at_noon(int, date) IS
  'The working zone of an agent when timesheet.client_group_at_noon() was its client group: that of hours typed in '
  'for the date.';
CALL timesheet.set_grants('FUNCTION timesheet.time_zone_at_noon(int, date)');
