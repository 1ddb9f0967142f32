-- One rounding here too: the shares of an hour, whose hundredths are percents (R12).
CREATE OR REPLACE FUNCTION timesheet.percents(parts numeric[]) RETURNS int[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT array_agg((h.hours * 100)::int ORDER BY h.n)
  FROM unnest(timesheet.round_hours((
    SELECT array_agg(CASE WHEN w.whole > 0 THEN floor(3600 * p.part / w.whole) ELSE 0 END::bigint ORDER BY p.n)
    FROM unnest(parts) WITH ORDINALITY AS p (part, n)
    CROSS JOIN (SELECT sum(u.part) AS whole FROM unnest(parts) AS u (part)) AS w
  ))) WITH ORDINALITY AS h (hours, n)
$$;
COMMENT ON FUNCTION timesheet.percents(numeric[]) IS
  'The parts as whole percents of their sum that add up to 100; for up to 18 parts.';
CALL timesheet.set_grants('FUNCTION timesheet.percents(numeric[])');
