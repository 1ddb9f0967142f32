-- R12: whole seconds, truncated once.
CREATE OR REPLACE FUNCTION timesheet.truncated_seconds(length interval) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT trunc(date_part('epoch', length))::int
$$;
COMMENT ON FUNCTION timesheet.truncated_seconds(interval) IS
  'A length of hours, not days or months, in whole seconds, truncated.';
CALL timesheet.set_grants('FUNCTION timesheet.truncated_seconds(interval)');
