-- R12, in hours.
CREATE OR REPLACE FUNCTION timesheet.round_hours(seconds bigint[]) RETURNS numeric[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT array_agg((u.hundredths / 100.0)::numeric(20, 2) ORDER BY u.n)
  FROM unnest(timesheet.round_cells(seconds, 36)) WITH ORDINALITY AS u (hundredths, n)
$$;
COMMENT ON FUNCTION timesheet.round_hours(bigint[]) IS
  'Seconds of the cells of one table as hours with two decimals, each cell off by less than 0.01, so that their sum is '
  'the rounded sum (R12, largest remainder). Null counts as 0. Show subtotals as sums of these.';
CALL timesheet.set_grants('FUNCTION timesheet.round_hours(bigint[])', 'EXECUTE TO timesheet_reader');
