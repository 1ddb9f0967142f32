CREATE OR REPLACE FUNCTION timesheet.parsed_hour_entries(ids uuid[])
RETURNS TABLE (jibble_id uuid, person_id uuid, activity_jibble_id uuid, workday date, seconds bigint,
  deleted_at timestamptz)
LANGUAGE sql STABLE -- without a SET clause, so that the planner inlines it and plans it once for all batches
AS $$
  SELECT v.jibble_id, timesheet.read_id(x."personId"), timesheet.read_id(x."activityId"),
    CASE WHEN x.date !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?$' THEN ('not ISO: ' || x.date)::date
         WHEN left(x.date, 4)::int NOT BETWEEN 1900 AND 2999
         THEN timesheet.reject(format('the date "%s" is not from 1900 to 2999', left(x.date, 80)))::date
         ELSE left(x.date, 10)::date END,
    CASE WHEN l.seconds NOT BETWEEN 0 AND 31622400
         THEN timesheet.reject(format('the duration "%s" is not from 0 to 8784 hours, a year and a day',
           left(x.duration, 80)))::bigint
         ELSE l.seconds::bigint END,
    CASE WHEN v.found_deleted OR x.status = 'Archived' THEN v.last_fetched_at END
  FROM timesheet.current_versions('HourEntries', ids) AS v
  CROSS JOIN LATERAL json_to_record(v.payload) AS x (
    "personId" text, "activityId" text, "date" text, duration text, status text)
  CROSS JOIN LATERAL (SELECT trunc(CASE
    WHEN NOT timesheet.is_duration(x.duration)
    THEN timesheet.reject(format('the duration "%s" is not one in weeks, days, hours, minutes and seconds',
      left(x.duration, 80)))::numeric
    ELSE timesheet.duration_seconds(x.duration) END)) AS l (seconds)
$$;
COMMENT ON FUNCTION timesheet.parsed_hour_entries(uuid[]) IS
  'The current versions of these hour entries in our types, deleted_at for those that are archived or deleted; raises '
  'at the first that cannot be understood.';
CALL timesheet.set_grants('FUNCTION timesheet.parsed_hour_entries(uuid[])');
