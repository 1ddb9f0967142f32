-- What every file here begins with: pgTAP, quiet output, and words to feed Jibble objects through
-- the same functions that timesheetd calls. All of it lives in the file's own transaction.
\set QUIET 1
\set ON_ERROR_ROLLBACK 1
\set ON_ERROR_STOP true
\pset format unaligned
\pset tuples_only true
\pset pager off
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE SCHEMA spec;
SET LOCAL search_path = spec, public;

-- A GUID that can be read: guid('a', 7) ends in 7.
CREATE FUNCTION spec.guid(kind text, n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (md5(kind)::uuid::text::char(24) || lpad(to_hex(n), 12, '0'))::uuid
$$;

-- Stores objects of one resource as timesheetd does, and derives; returns the run.
CREATE FUNCTION spec.feed(resource text, VARIADIC objects text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  run bigint := timesheet.begin_run('test');
BEGIN
  PERFORM timesheet.store_page(run, resource,
    (SELECT array_agg(substring(o FROM '"id"\s*:\s*"([0-9a-f-]{36})"') ORDER BY n)
      FROM unnest(objects) WITH ORDINALITY AS u (o, n)), objects);
  PERFORM timesheet.finish_run(run);
  RETURN run;
END
$$;

CREATE FUNCTION spec.person(n int, zone text DEFAULT 'Asia/Manila', client_group uuid DEFAULT NULL,
  name text DEFAULT NULL) RETURNS text
LANGUAGE sql AS $$
  SELECT json_build_object('id', spec.guid('person', n), 'fullName', coalesce(name, 'Agent ' || n), 'status', 'Joined',
    'groupId', client_group, 'ICultureSettings/TimeZone', zone)::text
$$;

-- One time entry; at is local time in the zone.
CREATE FUNCTION spec.event(n int, person int, at timestamp, type text, activity text DEFAULT NULL,
    zone text DEFAULT 'Asia/Manila', more json DEFAULT '{}') RETURNS text
LANGUAGE sql AS $$
  SELECT (jsonb_build_object('id', spec.guid('event', n), 'personId', spec.guid('person', person), 'type', type,
    'time', to_char(at AT TIME ZONE zone AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'belongsToDate',
    at::date,
    'activityId', CASE WHEN activity IS NOT NULL THEN spec.guid('activity ' || activity, 0) END, 'clientType', 'Web',
    'status', 'Active') || more::jsonb)::text
$$;

CREATE FUNCTION spec.agent(person int) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT a.agent_id FROM timesheet.agents AS a WHERE a.jibble_id = spec.guid('person', person)
$$;
