-- docs/architecture.md, decision 9: the extension can come and go; nothing is lost and everything goes on.
-- Needs the native engine.
\ir setup.sql
SELECT plan(9);

SELECT feed('People', person(1));
SELECT feed('TimeEntries', event(1, 1, '2026-03-02 09:00', 'In'), event(2, 1, '2026-03-02 17:00', 'Out'));
CREATE TEMP VIEW hours AS SELECT sum(h.work_seconds) AS seconds FROM timesheet.weekly_hours(NULL, NULL) AS h;

SELECT timesheet.use_engine('auto');
SELECT is(timesheet.engine(), 'native', 'auto is native where the extension is installed');
SELECT results_eq('SELECT * FROM hours', 'SELECT 28800::numeric', 'which gives eight hours');
SELECT throws_ok($$SELECT timesheet.use_engine('native ')$$, '22023', 'engine "native " is not known',
  'an unknown engine is refused by name');

SELECT lives_ok('DROP EXTENSION timesheet', 'the extension can be dropped without CASCADE');
SELECT is(timesheet.engine(), 'sql', 'then the sql engine runs');
SELECT results_eq('SELECT * FROM hours', 'SELECT 28800::numeric', 'and gives the same');
SELECT throws_ok($$SELECT timesheet.use_engine('native')$$, '0A000',
  'the native engine is not installed in this database', 'native cannot be asked for');
SELECT lives_ok('CREATE EXTENSION timesheet', 'it can be created again');
SELECT is(timesheet.engine(), 'native', 'and takes effect automatically');

SELECT * FROM finish();
ROLLBACK;
