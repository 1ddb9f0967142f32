CREATE OR REPLACE FUNCTION timesheet.client_group_at_noon(for_agent int, on_date date) RETURNS int
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT t.client_group_id FROM timesheet.agent_history AS t
  WHERE t.agent_id = for_agent
    AND t.valid_from <= (least(greatest(on_date, '4713-01-31 BC'), '294276-11-30') + time '12:00')
      AT TIME ZONE coalesce(timesheet.usable_time_zone(t.time_zone), 'UTC')
  ORDER BY t.valid_from DESC LIMIT 1
$$;
COMMENT ON FUNCTION timesheet.client_group_at_noon(int, date) IS
  'The client group of an agent at local noon of a date: that of hours typed in for it (R10).';
CALL timesheet.set_grants('FUNCTION timesheet.client_group_at_noon(int, date)');
