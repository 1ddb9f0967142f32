-- By decimals: an interval rounds its seconds, and what it makes of a part of an hour.
CREATE OR REPLACE FUNCTION timesheet.duration_seconds(given text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN CASE WHEN timesheet.is_duration(given) THEN
    CASE WHEN given ~ '^-' THEN -1 ELSE 1 END * (
      604800 * coalesce(substring(given FROM '(-?[0-9.]+)W')::numeric, 0)
      + 86400 * coalesce(substring(given FROM '(-?[0-9.]+)D')::numeric, 0)
      + 3600 * coalesce(substring(given FROM '(-?[0-9.]+)H')::numeric, 0)
      + 60 * coalesce(substring(given FROM '(-?[0-9.]+)M')::numeric, 0)
      + coalesce(substring(given FROM '(-?[0-9.]+)S')::numeric, 0)) END;
END
$$;
COMMENT ON FUNCTION timesheet.duration_seconds(text) IS
  'The exact seconds of an ISO 8601 duration as timesheet.is_duration() takes it, or null where the text is none.';
CALL timesheet.set_grants('FUNCTION timesheet.duration_seconds(text)');
