-- What is stored was known when it was written. It may not be here: after a restore on another server, or where the
-- server's zones were changed. Asked row by row, so what is plainly known is not looked up.
CREATE OR REPLACE FUNCTION timesheet.usable_time_zone(stored text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF stored IS NULL OR stored = 'UTC' THEN
    RETURN stored;
  ELSIF stored ~ '^[A-Z][A-Za-z]+/[A-Za-z_/-]+$' THEN
    BEGIN
      PERFORM timezone(stored, timestamptz '2000-01-01 00:00Z');
      RETURN stored;
    EXCEPTION WHEN invalid_parameter_value THEN NULL;
    END;
  END IF;
  RETURN timesheet.canonical_time_zone(stored);
END
$$;
COMMENT ON FUNCTION timesheet.usable_time_zone(text) IS
  'A stored zone if this server knows it, what it knows of the same zone if not, else null. What comes of it can be '
  'given to AT TIME ZONE.';
CALL timesheet.set_grants('FUNCTION timesheet.usable_time_zone(text)', 'EXECUTE TO timesheet_reader');
