CREATE OR REPLACE FUNCTION timesheet.at_or_after(instant timestamptz, local time, zone text) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT min(t.at) FROM (
    SELECT ((instant AT TIME ZONE zone)::date + n + local) AT TIME ZONE zone AS at FROM generate_series(0, 1) AS n
  ) AS t WHERE t.at >= instant
$$;
COMMENT ON FUNCTION timesheet.at_or_after(timestamptz, time, text) IS
  'The first instant not before the given one at which clocks in the zone show the local time; one that DST skips or '
  'repeats is resolved as AT TIME ZONE does.';
CALL timesheet.set_grants('FUNCTION timesheet.at_or_after(timestamptz, time, text)');
