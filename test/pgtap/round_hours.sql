-- R12: cells are rounded once, and what is shown adds up.
\ir setup.sql
SELECT plan(6);

SELECT is(timesheet.round_hours('{3600, 1800}'), '{1.00, 0.50}', 'whole hundredths stay');
SELECT is(timesheet.round_hours('{12, 12, 12}'), '{0.01, 0.00, 0.00}',
  'three thirds of a hundredth are one, for the first of equals');
SELECT is(timesheet.round_hours('{10, 20, 42}'), '{0.00, 0.01, 0.01}',
  'the largest remainder is rounded up: 72 s are 0.02 h');
SELECT is(timesheet.round_hours('{}'), NULL, 'no cells, no hours');
SELECT is(timesheet.round_hours('{NULL, 36}'), '{0.00, 0.01}', 'an empty cell is zero');
SELECT is(
  (SELECT sum(h)
    FROM unnest(timesheet.round_hours((SELECT array_agg(n * 1237::bigint) FROM generate_series(1, 500) AS n))) AS h),
  round((SELECT sum(n * 1237) FROM generate_series(1, 500) AS n) / 3600.0, 2),
  'five hundred cells sum to the rounded sum');

SELECT * FROM finish();
ROLLBACK;
