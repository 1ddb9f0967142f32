CREATE OR REPLACE FUNCTION timesheet_client.round_hours(seconds bigint[]) RETURNS numeric[]
LANGUAGE sql IMMUTABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT timesheet.round_hours(seconds)
$$;
COMMENT ON FUNCTION timesheet_client.round_hours(bigint[]) IS
  'timesheet.round_hours(): how cells are rounded for people (R12).';
CALL timesheet.set_grants('FUNCTION timesheet_client.round_hours(bigint[])', 'EXECUTE TO timesheet_client');
