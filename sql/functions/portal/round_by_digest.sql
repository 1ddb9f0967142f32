CREATE OR REPLACE FUNCTION timesheet.round_by_digest(digests int[], cells int[], seconds bigint[]) RETURNS numeric[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT array_agg(h.hours ORDER BY w.places[h.n])
  FROM (
    SELECT array_agg(c.place ORDER BY c.place) AS places,
      array_agg(CASE WHEN c.nth = 1 THEN c.seconds ELSE 0 END ORDER BY c.place) AS seconds
    FROM (
      SELECT u.digest, u.place, row_number() OVER (PARTITION BY u.cell ORDER BY u.place) AS nth,
        sum(u.s) OVER (PARTITION BY u.cell)::bigint AS seconds
      FROM unnest(digests, cells, seconds) WITH ORDINALITY AS u (digest, cell, s, place)
    ) AS c GROUP BY c.digest
  ) AS w
  CROSS JOIN LATERAL unnest(timesheet.round_hours(w.seconds)) WITH ORDINALITY AS h (hours, n)
$$;
COMMENT ON FUNCTION timesheet.round_by_digest(int[], int[], bigint[]) IS
  'timesheet.round_hours() of the cells of each digest apart. The arrays belong together: the number of the digest, '
  'the number of the cell and the seconds of each part of a cell. Of the result the hours of a cell are at its first '
  'part, and 0.00 at its others.';
CALL timesheet.set_grants('FUNCTION timesheet.round_by_digest(int[], int[], bigint[])');
