-- What Supabase's database linter looks for, in our schemas: each condition by its number there, and nothing found.
-- Not here: 0005, unused indexes, and 0020, bloat, are of a database's life; 0002, 0012, 0019, 0021,
-- 0025 are of services of theirs.
\ir setup.sql
SELECT plan(14);

CREATE TEMP VIEW relations AS
SELECT c.*, n.nspname || '.' || c.relname AS known FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN ('timesheet', 'timesheet_client');
-- The extension's own functions are not looked at there, and are here.
CREATE TEMP VIEW functions AS
SELECT p.*, p.oid::regprocedure::text AS known,
  EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e') AS is_extensions
FROM pg_proc AS p WHERE p.pronamespace IN ('timesheet'::regnamespace, 'timesheet_client'::regnamespace);
-- Who comes through an API, where there is one; everybody has what PUBLIC has.
CREATE TEMP VIEW api_roles AS
SELECT 'public' AS name UNION ALL SELECT r.rolname FROM pg_roles AS r
WHERE r.rolname IN ('anon', 'authenticated', 'service_role') AND NOT r.rolsuper;

SELECT cmp_ok((SELECT count(*) FROM relations WHERE relkind = 'r'), '>', 20::bigint, 'there is something to look at');

SELECT is_empty($$
  SELECT t.known, k.conname FROM pg_constraint AS k JOIN relations AS t ON t.oid = k.conrelid
  WHERE k.contype = 'f' AND NOT EXISTS (
    SELECT FROM pg_index AS i WHERE i.indrelid = k.conrelid AND i.indisvalid AND i.indnkeyatts >= cardinality(k.conkey)
      AND (string_to_array(i.indkey::text, ' ')::smallint[])[1:cardinality(k.conkey)] = k.conkey)
$$, '0001: each foreign key has an index that begins with it');

SELECT is_empty($$
  SELECT t.known FROM relations AS t WHERE t.relkind = 'r'
    AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = t.oid AND i.indisprimary)
$$, '0004: each table has a primary key');

SELECT is_empty($$
  SELECT t.known, array_agg(x.indexname) FROM pg_indexes AS x
  JOIN relations AS t ON t.known = x.schemaname || '.' || x.tablename
  GROUP BY t.known, regexp_replace(x.indexdef, '^CREATE (UNIQUE )?INDEX \S+ ', '') HAVING count(*) > 1
$$, '0009: no index is there twice, not even once unique and once not');

-- The engine reads under no policy (decision 8), and no schema of ours that an API should offer holds a table.
SELECT is_empty($$
  SELECT t.known FROM relations AS t LEFT JOIN pg_policy AS p ON p.polrelid = t.oid
  WHERE p.oid IS NOT NULL OR t.relrowsecurity OR t.relforcerowsecurity
$$, '0003, 0006, 0007, 0008, 0015, 0024: there is no row-level security to be wrong');
SELECT is_empty($$
  SELECT t.known FROM relations AS t WHERE t.relkind IN ('r', 'p') AND t.relnamespace = 'timesheet_client'::regnamespace
$$, '0013: the schema for clients has no table');

SELECT is_empty($$
  SELECT v.known, r.name FROM relations AS v CROSS JOIN api_roles AS r WHERE v.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND has_table_privilege(r.name, v.oid, 'SELECT, INSERT, UPDATE, DELETE')
$$, '0010, 0013, 0016, 0017, 0023, 0026, 0027: no API role reaches a table or a view');
SELECT is_empty($$
  SELECT v.known FROM relations AS v WHERE v.relkind = 'v' AND v.relnamespace = 'timesheet_client'::regnamespace
    AND NOT coalesce(v.reloptions, '{}') @> ARRAY['security_invoker=true', 'security_barrier=true']
$$, '0010: views for clients run as who asks, and let no condition pass');
SELECT is_empty($$SELECT r.known FROM relations AS r WHERE r.relkind IN ('m', 'f')$$,
  '0016, 0017: there is no materialized view and no foreign table');

-- A SET clause keeps the planner from inlining. These must be, for speed, and only ever run within functions that fix
-- the path, or as who calls them and with no more than that role's rights. A procedure that commits may
-- have none: these two qualify every name and run as who calls them.
SELECT set_eq($$
  SELECT f.proname FROM functions AS f
  WHERE NOT f.is_extensions AND NOT EXISTS (SELECT FROM unnest(f.proconfig) AS c WHERE c LIKE 'search_path=%')
$$, ARRAY['time_zone_label', 'cut_to_microseconds', 'is_utc_instant', 'id_or_null', 'read_id', 'readable', 'member',
  'instant_or_null',
  'assign_workday', 'current_versions', 'parsed_time_entries', 'parsed_hour_entries', 'client_group_at',
  'zones_named_at', 'adjacent_workdays', 'stale_periods', 'client_noted_days', 'is_not_sent_to', 'is_unconfirmed',
  'unconfirmed_text', 'note_text', 'truncated_seconds', 'week_start', 'length_text',
  'sql_events', 'sql_attributed_events', 'sql_sessions', 'sql_hours', 'sql_daily_hours', 'sql_weekly_hours',
  'sql_notes', 'entry_notes', 'replay_in_steps',
  'refresh_in_steps']::name[],
  '0011: every function fixes its search_path but those that the planner inlines');
SELECT is_empty($$
  SELECT f.known FROM functions AS f JOIN pg_language AS l ON l.oid = f.prolang
  WHERE NOT f.is_extensions AND NOT EXISTS (SELECT FROM unnest(f.proconfig) AS c WHERE c LIKE 'search_path=%')
    AND (f.prosecdef OR f.proconfig IS NOT NULL OR f.prokind <> 'p' AND (l.lanname <> 'sql' OR f.provolatile = 'v'))
$$, '0011: and those can be inlined, and never run with more than their caller''s rights');

SELECT is_empty($$
  SELECT t.known, a.attname FROM pg_attribute AS a JOIN relations AS t ON t.oid = a.attrelid
  WHERE t.relkind IN ('r', 'p', 'm') AND a.attnum > 0 AND NOT a.attisdropped
    AND a.atttypid::regtype::text ~
      '^reg(class|collation|config|dictionary|namespace|oper|operator|proc|procedure|role|type)(\[\])?$'
$$, '0018: no column holds numbers that only this server knows');

SELECT is_empty($$
  SELECT f.known, r.name FROM functions AS f CROSS JOIN api_roles AS r
  WHERE has_function_privilege(r.name, f.oid, 'EXECUTE')
$$, '0028, 0029: no API role, nor everybody, may call a function, whether or not it runs with its owner''s rights');

SELECT is_empty($$
  SELECT t.known FROM relations AS t LEFT JOIN pg_index AS i ON i.indexrelid = t.oid
  WHERE NOT coalesce(i.indisvalid, true) OR t.reloptions @> ARRAY['autovacuum_enabled=false']
$$, '0030: every index is valid, and autovacuum is off nowhere');

SELECT * FROM finish();
ROLLBACK;
