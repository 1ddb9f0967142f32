-- Of an entry that could never be understood there is no row; it may vanish from Jibble all the same.
CREATE OR REPLACE FUNCTION timesheet.rejected_entries(of_resource text, seen uuid[])
  RETURNS TABLE (jibble_id uuid, on_date text, person_id text, is_dated boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT r.jibble_id, coalesce(d.dated, timesheet.try_date(left(timesheet.member(x.payload, 'time'), 10)),
      (r.fetched_at AT TIME ZONE (SELECT timesheet.default_time_zone()))::date)::text,
    timesheet.member(x.payload, 'personId'), d.dated IS NOT NULL
  FROM timesheet.ingest_problems AS p JOIN timesheet.raw_events AS r USING (raw_event_id)
  CROSS JOIN LATERAL (SELECT timesheet.readable(r.payload) AS payload OFFSET 0) AS x
  CROSS JOIN LATERAL (
    SELECT timesheet.try_date(left(coalesce(timesheet.member(x.payload, 'belongsToDate'),
      timesheet.member(x.payload, 'date')), 10)) AS dated
  ) AS d
  WHERE r.resource = of_resource AND timesheet.id_or_null(r.jibble_id) IS NOT NULL
    AND NOT EXISTS (SELECT FROM unnest(seen) AS s (id) WHERE s.id = r.jibble_id)
    AND NOT EXISTS (SELECT FROM timesheet.raw_events AS l
      WHERE l.jibble_id = r.jibble_id AND l.resource = r.resource AND l.raw_event_id > r.raw_event_id)
$$;
COMMENT ON FUNCTION timesheet.rejected_entries(text, uuid[]) IS
  'Entries not among those seen whose last version was rejected, as timesheet.underived_entries() gives its own; '
  'without a date that is one, that of the day on which it was read.';
CALL timesheet.set_grants('FUNCTION timesheet.rejected_entries(text, uuid[])');
