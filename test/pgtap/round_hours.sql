-- R12: cells are rounded once, and what is shown adds up.
\ir setup.sql
SELECT plan(15);

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

-- The same in whole minutes, for h:mm.
SELECT is(timesheet.round_cells('{3600, 1800}', 60), '{60, 30}', 'whole minutes stay');
SELECT is(timesheet.round_cells('{20, 20, 20}', 60), '{1, 0, 0}', 'three thirds of a minute are one, for the first');
SELECT is(timesheet.round_cells('{10, 50, 59}', 60), '{0, 1, 1}', 'the largest remainders are rounded up: 119 s are 2');
SELECT is(timesheet.round_cells('{29}', 60), '{0}', 'less than half a minute is none');
SELECT is(timesheet.round_cells('{30}', 60), '{1}', 'half a minute is one');
SELECT is(timesheet.round_cells('{}', 60), NULL, 'no cells, no minutes');
SELECT is(timesheet.round_cells('{NULL, 60}', 60), '{0, 1}', 'an empty cell is no minute');
SELECT is(
  (SELECT sum(m) FROM unnest(timesheet.round_cells(
    (SELECT array_agg(n * 1237::bigint) FROM generate_series(1, 500) AS n), 60)) AS m),
  2582238::numeric, 'five hundred cells sum to the rounded sum: 1237 * 125250 s are 2582237.5 minutes');
SELECT is(
  (SELECT array_agg(h * 100) FROM unnest(timesheet.round_hours('{12, 1237, 4242, 99}')) AS h)::bigint[],
  timesheet.round_cells('{12, 1237, 4242, 99}', 36), 'hours are the same with hundredths of an hour as the unit');

SELECT * FROM finish();
ROLLBACK;
