-- What a cell that was rounded shows, divided among its parts: they are rounded down, and what the cell still has goes
-- to the largest remainders, the earlier part first; but first of all to parts that show less than they may.
CREATE OR REPLACE FUNCTION timesheet.round_parts(seconds bigint[], cells int[], hours numeric[],
  at_most numeric[] DEFAULT NULL) RETURNS numeric[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT array_agg(((p.whole + CASE WHEN p.place <= p.lacking THEN 1 ELSE 0 END) / 100.0)::numeric(20, 2) ORDER BY p.n)
  FROM (
    SELECT w.n, w.whole, 100 * sum(w.hours) OVER of_cell - sum(w.whole) OVER of_cell AS lacking,
      row_number() OVER (PARTITION BY w.cell
        ORDER BY w.has_room AND w.s > 0 DESC, w.has_room DESC, w.s - 36 * w.whole DESC, w.n) AS place
    FROM (
      SELECT u.n, u.cell, u.s, u.hours, f.whole, coalesce(100 * u.most > f.whole, true) AS has_room
      FROM unnest(seconds, cells, hours, at_most) WITH ORDINALITY AS u (s, cell, hours, most, n)
      CROSS JOIN LATERAL (SELECT floor(u.s / 36.0)) AS f (whole)
    ) AS w
    WINDOW of_cell AS (PARTITION BY w.cell)
  ) AS p
$$;
COMMENT ON FUNCTION timesheet.round_parts(bigint[], int[], numeric[], numeric[]) IS
  'Seconds of the parts of cells as hours with two decimals, so that the parts of a cell add up to its own. The arrays '
  'belong together: each part''s cell, hours that add up to those of the cell, as timesheet.round_by_digest() gives '
  'them, and what the part may show at most if that is possible.';
CALL timesheet.set_grants('FUNCTION timesheet.round_parts(bigint[], int[], numeric[], numeric[])');
