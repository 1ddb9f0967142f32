-- R12: the one place where the cells of a table are rounded for people.
CREATE OR REPLACE FUNCTION timesheet.round_cells(seconds bigint[], unit int) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  -- All are rounded down, and what the total still lacks goes to the largest remainders, the earlier cell first.
  SELECT array_agg((c.whole + CASE WHEN c.rank <= c.lacking THEN 1 ELSE 0 END)::bigint ORDER BY c.n)
  FROM (
    SELECT w.n, w.whole, round(sum(w.s) OVER () / unit) - sum(w.whole) OVER () AS lacking,
      row_number() OVER (ORDER BY w.s - unit * w.whole DESC, w.n) AS rank
    FROM (
      SELECT u.n, coalesce(u.s, 0)::numeric AS s, floor(coalesce(u.s, 0)::numeric / unit) AS whole
      FROM unnest(seconds) WITH ORDINALITY AS u (s, n)
    ) AS w
  ) AS c
$$;
COMMENT ON FUNCTION timesheet.round_cells(bigint[], int) IS
  'Seconds of the cells of one table as whole units of unit seconds: 36 for hundredths of an hour, 60 for minutes. '
  'Each cell is off by less than one, so that their sum is the rounded sum (R12, largest remainder). Null counts as 0. '
  'Show subtotals as sums of these.';
CALL timesheet.set_grants('FUNCTION timesheet.round_cells(bigint[], int)', 'EXECUTE TO timesheet_reader');
