-- What its type does not hold is the same error by both engines, and what leaves the type only halfway the same rows.
-- Needs the native engine.
\ir setup.sql
SELECT plan(23);

INSERT INTO timesheet.agents (agent_id, jibble_id) OVERRIDING SYSTEM VALUE VALUES (1, guid('person', 1));
INSERT INTO timesheet.client_groups (client_group_id, jibble_id, week_starts_on) OVERRIDING SYSTEM VALUE
  VALUES (1, guid('group', 1), 7);
-- No constraint is between the engines and what they are asked here.
DO $$
DECLARE
  checked record;
BEGIN
  FOR checked IN SELECT c.conrelid::regclass AS of_table, c.conname FROM pg_constraint AS c
    WHERE c.contype = 'c' AND c.conrelid IN ('timesheet.hour_entries'::regclass, 'timesheet.time_entries'::regclass)
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', checked.of_table, checked.conname);
  END LOOP;
END
$$;

CREATE FUNCTION spec.manual(VARIADIC seconds bigint[]) RETURNS void LANGUAGE sql AS $$
  DELETE FROM timesheet.hour_entries;
  INSERT INTO timesheet.hour_entries (jibble_id, agent_id, client_group_id, workday, seconds)
  SELECT gen_random_uuid(), 1, 1, '2026-11-01', s FROM unnest(seconds) AS s;
$$;
CREATE FUNCTION spec.work(at timestamptz, on_day date, until timestamptz) RETURNS void LANGUAGE sql AS $$
  DELETE FROM timesheet.time_entries;
  INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type, workday,
    workday_end)
  VALUES (gen_random_uuid(), 1, 1, at, 'In', on_day, until);
$$;
-- The functions in these words, all by both engines.
CREATE FUNCTION spec.fail(functions text[], state char(5), what text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT throws_ok(format('SELECT * FROM timesheet.%s_%s(NULL, NULL, NULL, ''infinity'')', engine, f), state, NULL,
    format('%s, %s: %s', f, engine, what))
  FROM unnest(functions) AS f, unnest('{native,sql}'::text[]) AS engine
$$;
CREATE FUNCTION spec.agree(function text, what text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT bag_eq(format('SELECT * FROM timesheet.native_%s(NULL, NULL, NULL, ''infinity'')', function),
    format('SELECT * FROM timesheet.sql_%s(NULL, NULL, NULL, ''infinity'')', function),
    format('%s: %s', function, what))
$$;

SELECT manual(9223372036854775807, 1);
SELECT fail('{daily_hours,weekly_hours}', '22003', 'manual seconds above bigint');
SELECT manual(-9223372036854775807, -2);
SELECT fail('{daily_hours,weekly_hours}', '22003', 'manual seconds below bigint');
SELECT manual(9223372036854775807, 9223372036854775807, -9223372036854775807, -7);
SELECT agree('daily_hours', 'a sum that leaves bigint and comes back');
SELECT is((SELECT manual_seconds FROM timesheet.native_weekly_hours(NULL, NULL)), 9223372036854775800, 'is exact');
SELECT manual(9223372036854775807);
SELECT work('2026-11-01 09:00Z', '2026-11-01', '2026-11-01 09:00:01Z');
SELECT fail('{daily_hours,weekly_hours}', '22003', 'work of sessions and manual seconds together');
DELETE FROM timesheet.hour_entries;

SELECT work('2026-11-01 09:00Z', '2026-11-01', '0001-01-01 00:00Z');
SELECT fail('{sessions,daily_hours}', '22003', 'a workday that ended two thousand years before it began');
SELECT work('2026-11-01 09:00Z', '4714-11-24 BC', '2026-11-02 00:00Z');
SELECT fail('{weekly_hours}', '22008', 'a week that begins before the first date');
SELECT agree('daily_hours', 'the first date');
SELECT work('294276-12-31 12:00Z', '2026-11-01', '294276-12-31 23:00Z');
SELECT fail('{sessions}', '22008', 'an entry too late for max_session to follow');

SELECT * FROM finish();
ROLLBACK;
