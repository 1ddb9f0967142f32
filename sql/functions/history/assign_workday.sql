-- R3 and R4 in one place: an entry's workday and its end. Inlined by the planner.
CREATE OR REPLACE FUNCTION timesheet.assign_workday(at timestamptz, belongs_to date, zone text, cutoff time,
  is_overridden boolean)
RETURNS TABLE (workday date, workday_end timestamptz, is_odd boolean)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT
    CASE WHEN is_overridden OR belongs_to IS NULL OR pg_catalog.abs(belongs_to - d.local_date) > 1
         THEN d.local_date ELSE belongs_to END,
    (d.local_date + 1 + cutoff) AT TIME ZONE zone,
    coalesce(NOT is_overridden AND pg_catalog.abs(belongs_to - d.local_date) > 1, false)
  FROM (SELECT ((at AT TIME ZONE zone) - cutoff::pg_catalog.interval)::pg_catalog.date AS local_date
        OFFSET 0) AS d -- once, not in each place that names it
$$;
COMMENT ON FUNCTION timesheet.assign_workday(timestamptz, date, text, time, boolean) IS
  'The workday of an event, the instant its local day ends, and whether Jibble''s date was set aside (R3, R4). zone '
  'must be one that timesheet.usable_time_zone() gave.';
CALL timesheet.set_grants('FUNCTION timesheet.assign_workday(timestamptz, date, text, time, boolean)');
