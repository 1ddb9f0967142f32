-- R12: the one place where hours are rounded for people.
CREATE OR REPLACE FUNCTION timesheet.round_hours(seconds bigint[]) RETURNS numeric[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  -- A hundredth of an hour is 36 seconds. All are rounded down, and what the total still lacks goes
  -- to the largest remainders, the earlier cell first.
  SELECT array_agg(((c.whole + CASE WHEN c.rank <= c.lacking THEN 1 ELSE 0 END) / 100)::numeric(20, 2) ORDER BY c.n)
  FROM (
    SELECT w.n, w.whole, round(sum(w.s) OVER () / 36) - sum(w.whole) OVER () AS lacking,
      row_number() OVER (ORDER BY w.s - 36 * w.whole DESC, w.n) AS rank
    FROM (
      SELECT u.n, coalesce(u.s, 0)::numeric AS s, floor(coalesce(u.s, 0)::numeric / 36) AS whole
      FROM unnest(seconds) WITH ORDINALITY AS u (s, n)
    ) AS w
  ) AS c
$$;
COMMENT ON FUNCTION timesheet.round_hours(bigint[]) IS
  'Seconds of the cells of one table as hours with two decimals, each cell off by less than 0.01, so that their sum is '
  'the rounded sum (R12, largest remainder). Null counts as 0. Show subtotals as sums of these.';
CALL timesheet.set_grants('FUNCTION timesheet.round_hours(bigint[])', 'EXECUTE TO timesheet_reader');
