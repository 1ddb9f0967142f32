-- Where a version of an entry counts by today's agent_history; no row if it is archived or deleted.
CREATE OR REPLACE FUNCTION timesheet.version_attribution(of_resource text, payload json)
RETURNS TABLE (client_group_id int, workday date)
LANGUAGE sql STABLE ROWS 1
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
  SELECT CASE WHEN of_resource = 'HourEntries' THEN timesheet.client_group_at_noon(a.agent_id, left(x.date, 10)::date)
    ELSE t.client_group_id END,
    CASE WHEN of_resource = 'HourEntries' THEN left(x.date, 10)::date ELSE t.workday END
  FROM json_to_record(timesheet.readable(payload)) AS x ("personId" uuid, "time" text, "belongsToDate" text,
    "date" text, status text)
  JOIN timesheet.agents AS a ON a.jibble_id = x."personId"
  LEFT JOIN LATERAL (
    SELECT l.client_group_id, p.workday FROM timesheet.agent_history AS l
    CROSS JOIN LATERAL timesheet.assign_workday(timesheet.instant_or_null(x.time), left(x."belongsToDate", 10)::date,
      coalesce(timesheet.usable_time_zone(l.time_zone), 'UTC'), l.day_cutoff, l.is_overridden) AS p
    WHERE l.agent_id = a.agent_id AND l.valid_from <= timesheet.instant_or_null(x.time)
    ORDER BY l.valid_from DESC LIMIT 1
  ) AS t ON true
  WHERE x.status IS DISTINCT FROM 'Archived'
$$;
COMMENT ON FUNCTION timesheet.version_attribution(text, json) IS
  'The client group and the workday that this version of a time or hour entry counts for; no row if it is archived. '
  'The version must be one that was understood.';
CALL timesheet.set_grants('FUNCTION timesheet.version_attribution(text, json)');
