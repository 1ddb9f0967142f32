-- What timesheetd calls: a run is opened, filled page by page, and closed. Only closing it derives anything.

CREATE TABLE timesheet.ingest_state (
  singleton         boolean PRIMARY KEY DEFAULT true CONSTRAINT ingest_state_is_a_single_row CHECK (singleton),
  normalised_through bigint NOT NULL DEFAULT 0
);
INSERT INTO timesheet.ingest_state DEFAULT VALUES;
COMMENT ON TABLE timesheet.ingest_state IS 'Through which raw event the normalised tables are up to date.';

-- Hours that are missing because rows are would be missing without a word. Views ask this; functions have row_security =
-- off (timesheet.fix_settings()), which is an error of PostgreSQL's own wherever a policy would take a row from them.
CREATE FUNCTION timesheet.require_every_row() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  hidden boolean;
BEGIN
  IF to_regclass('timesheet.client_access') IS NULL THEN -- the files of a later release are not applied yet
    hidden := EXISTS (SELECT FROM pg_class AS c WHERE c.relnamespace = 'timesheet'::regnamespace AND row_security_active(c.oid));
  ELSE
    -- Named one by one: finding them in pg_class would take longer on a server with many tables.
    hidden := row_security_active('timesheet.settings'::regclass) OR row_security_active('timesheet.ingest_state'::regclass)
      OR row_security_active('timesheet.ingest_runs'::regclass) OR row_security_active('timesheet.raw_events'::regclass)
      OR row_security_active('timesheet.ingest_problems'::regclass) OR row_security_active('timesheet.attribute_history'::regclass)
      OR row_security_active('timesheet.client_groups'::regclass) OR row_security_active('timesheet.agents'::regclass)
      OR row_security_active('timesheet.activities'::regclass) OR row_security_active('timesheet.agent_history'::regclass)
      OR row_security_active('timesheet.client_group_assignments'::regclass) OR row_security_active('timesheet.working_time_overrides'::regclass)
      OR row_security_active('timesheet.time_entries'::regclass) OR row_security_active('timesheet.hour_entries'::regclass)
      OR row_security_active('timesheet.stale_days'::regclass) OR row_security_active('timesheet.daily_rollup'::regclass)
      OR row_security_active('timesheet.session_rollup'::regclass) OR row_security_active('timesheet.note_rollup'::regclass)
      OR row_security_active('timesheet.attendance_rollup'::regclass) OR row_security_active('timesheet.alerts'::regclass)
      OR row_security_active('timesheet.held_deletions'::regclass)
      OR row_security_active('timesheet.contacts'::regclass) OR row_security_active('timesheet.contact_client_groups'::regclass)
      OR row_security_active('timesheet.contact_problems'::regclass) OR row_security_active('timesheet.digest_deliveries'::regclass)
      OR row_security_active('timesheet.digest_reported_weeks'::regclass) OR row_security_active('timesheet.digest_figures'::regclass)
      OR row_security_active('timesheet.client_access'::regclass)
        OR row_security_active('timesheet.lock_holders'::regclass)
      OR row_security_active('timesheet.audits'::regclass) OR row_security_active('timesheet.audit_findings'::regclass)
      OR row_security_active('timesheet.time_zone_aliases'::regclass);
  END IF;
  IF hidden THEN
    RAISE EXCEPTION 'row-level security may hide rows of % from role "%", and hours with them',
      (SELECT string_agg(c.oid::regclass::text, ', ' ORDER BY c.relname) FROM pg_class AS c
       WHERE c.relnamespace = 'timesheet'::regnamespace AND row_security_active(c.oid)), current_user
      USING ERRCODE = 'insufficient_privilege', HINT = 'Run ALTER TABLE … NO FORCE ROW LEVEL SECURITY, or give the owner of the schema BYPASSRLS.';
  END IF;
  IF EXISTS (SELECT FROM timesheet.settings CROSS JOIN timesheet.ingest_state) THEN
    RETURN true;
  END IF;
  IF NOT EXISTS (SELECT FROM timesheet.settings) THEN
    RAISE EXCEPTION 'timesheet.settings has no row'
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Run INSERT INTO timesheet.settings DEFAULT VALUES, then set what was different.';
  END IF;
  RAISE EXCEPTION 'timesheet.ingest_state has no row'
    USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Run INSERT INTO timesheet.ingest_state DEFAULT VALUES; the next run derives everything once more.';
END
$$;
COMMENT ON FUNCTION timesheet.require_every_row() IS
  'Returns true, or raises: insufficient_privilege where row-level security could hide a row of our tables from their owner, object_not_in_prerequisite_state where timesheet.settings or timesheet.ingest_state has lost its row.';

-- A table whose every row is hidden is left out when a query is planned, and with it what the query would ask while it
-- runs. So views ask when they are planned, which is when a function that is called immutable is called. A plan that is
-- kept is made again when row-level security of one of its tables changes.
CREATE FUNCTION timesheet.require_every_row_when_planned() RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN timesheet.require_every_row();
END
$$;
COMMENT ON FUNCTION timesheet.require_every_row_when_planned() IS 'timesheet.require_every_row(), once for each plan. Called immutable for that, which it is not.';

CREATE FUNCTION timesheet.require_writable() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM timesheet.require_every_row();
  IF current_setting('session_replication_role') = 'replica' THEN
    RAISE EXCEPTION 'session_replication_role is replica, so that no trigger marks the days that change'
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'SET session_replication_role = origin.';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.require_writable() IS 'Fails where what is written could go wrong unseen: as timesheet.require_every_row(), and where triggers do not fire.';

-- Locks that only our functions can take: locks on views of their own, which nobody else has a right to. The mode excludes
-- itself, and none of those that PREPARE takes before it asks for rights, up to ROW EXCLUSIVE. An
-- advisory lock is anybody's who may connect. A view holds nothing, so neither vacuum, analyze nor a dump has to wait
-- for it, as they would for a table; reading takes a lock that is in nobody's way.
CREATE VIEW timesheet.ingest_lock AS SELECT 'held while a pass reads Jibble, or replays' AS purpose;
COMMENT ON VIEW timesheet.ingest_lock IS 'Locked, never read: the ingest lock, held for a whole pass by sync, backfill, replay and run; see timesheet.take_ingest_lock().';
CREATE VIEW timesheet.writers_lock AS SELECT 'held while what is derived is written' AS purpose;
COMMENT ON VIEW timesheet.writers_lock IS 'Locked, never read: see timesheet.lock_writers().';
CREATE VIEW timesheet.raw_events_lock AS SELECT 'held while raw events are added' AS purpose;
COMMENT ON VIEW timesheet.raw_events_lock IS 'Locked, never read: see timesheet.lock_raw_events().';

-- The connection that holds a lock for a whole pass does nothing else, or vacuum would wait for it: another one writes this.
CREATE TABLE timesheet.lock_holders (
  lock_name        text PRIMARY KEY CONSTRAINT lock_of_a_pass CHECK (lock_name IN ('ingest_lock', 'digest_lock')),
  role_name        text NOT NULL,
  held_since       timestamptz NOT NULL,
  application_name text NOT NULL,
  host             text NOT NULL,
  process          int NOT NULL,
  backend_pid      int NOT NULL
);
COMMENT ON TABLE timesheet.lock_holders IS 'Who took each lock of a pass last. It holds the lock still if pg_locks says so of its server process, backend_pid.';
COMMENT ON COLUMN timesheet.lock_holders.process IS 'The number of the process on its host, as it said itself; so is the host.';

CREATE FUNCTION timesheet.lock_holder(lock_name text, OUT holder text, OUT backend_pid int)
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT pg_stat_clear_snapshot(); -- else it is as it was when this transaction first looked
  SELECT format('role %I%s (%s)', coalesce(a.usename, 'unknown'), ' since ' || to_char(coalesce(h.held_since, a.xact_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'),
    concat_ws(', ', coalesce(h.application_name || ' on host ' || h.host || ', process ' || h.process, nullif(a.application_name, '')), 'server process ' || l.pid)), l.pid
  FROM pg_locks AS l
  LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid
  LEFT JOIN timesheet.lock_holders AS h ON h.lock_name = lock_holder.lock_name AND h.backend_pid = l.pid AND h.role_name = a.usename
  WHERE l.locktype = 'relation' AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
    AND l.relation = to_regclass(format('timesheet.%I', lock_holder.lock_name)) AND l.granted AND l.mode <> 'AccessShareLock' AND l.pid IS DISTINCT FROM pg_backend_pid()
  ORDER BY l.pid LIMIT 1
$$;
COMMENT ON FUNCTION timesheet.lock_holder(text) IS 'Who holds a lock of ours, in words, and by which process of the server; nulls if nobody else does. Since when is known of a whole pass, and of roles whose activity the owner may see.';

-- The caller's lock_timeout is asked for before the function's own setting hides it.
CREATE FUNCTION timesheet.take_lock(lock_name text, at_most text DEFAULT current_setting('lock_timeout')) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET lock_timeout = 0
AS $$
DECLARE
  take CONSTANT text := format('LOCK TABLE timesheet.%I IN SHARE UPDATE EXCLUSIVE MODE', lock_name);
  longest_text CONSTANT text := CASE at_most WHEN '0' THEN '10min' ELSE at_most END;
  longest CONSTANT interval := longest_text;
  silent CONSTANT interval := least('0.5 seconds', longest);
  holder record;
BEGIN
  BEGIN
    EXECUTE take || ' NOWAIT';
    RETURN;
  EXCEPTION WHEN lock_not_available THEN NULL;
  END;
  BEGIN
    PERFORM set_config('lock_timeout', ceil(1000 * extract(epoch FROM silent))::text, true);
    EXECUTE take;
    RETURN;
  EXCEPTION WHEN lock_not_available THEN NULL;
  END;
  SELECT h.* INTO holder FROM timesheet.lock_holder(lock_name) AS h;
  IF longest > silent THEN
    IF holder.holder IS NOT NULL THEN
      RAISE WARNING 'waiting for the %, held by %', replace(lock_name, '_', ' '), holder.holder USING ERRCODE = 'lock_not_available';
    END IF;
    BEGIN
      PERFORM set_config('lock_timeout', ceil(1000 * extract(epoch FROM longest - silent))::text, true);
      EXECUTE take;
      RETURN;
    EXCEPTION WHEN lock_not_available THEN NULL;
    END;
    SELECT h.* INTO holder FROM timesheet.lock_holder(lock_name) AS h;
  END IF;
  RAISE EXCEPTION 'the % could not be had within %: it is held by %', replace(lock_name, '_', ' '), longest_text, coalesce(holder.holder, 'one after another')
    USING ERRCODE = 'lock_not_available', SCHEMA = 'timesheet', TABLE = lock_name,
      HINT = coalesce(format('Wait for that, or end it by SELECT pg_terminate_backend(%s), then try again.', holder.backend_pid), 'Try again.');
END
$$;
COMMENT ON FUNCTION timesheet.take_lock(text, text) IS
  'Takes a lock of ours until the transaction ends. Waits as long as lock_timeout says, 10 minutes if it says nothing, and warns within a second whom for. Errors: lock_not_available, naming the holder.';

CREATE FUNCTION timesheet.take_ingest_lock() RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$ SELECT timesheet.take_lock('ingest_lock') $$;
COMMENT ON FUNCTION timesheet.take_ingest_lock() IS
  'Takes the ingest lock, so that no other pass reads Jibble or replays until this transaction ends. For a connection that does nothing else, in a READ COMMITTED transaction: so it holds back no vacuum. Errors: lock_not_available.';

CREATE FUNCTION timesheet.record_lock_holder(of_lock text, of_backend int, on_host text, by_process int) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO timesheet.lock_holders AS h (lock_name, role_name, held_since, application_name, host, process, backend_pid)
  SELECT of_lock, a.usename, clock_timestamp(), current_setting('application_name'), left(timesheet.one_line(on_host), 255), by_process, of_backend
  FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
  WHERE l.locktype = 'relation' AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
    AND l.relation = to_regclass(format('timesheet.%I', of_lock)) AND l.granted AND l.mode = 'ShareUpdateExclusiveLock' AND l.pid = of_backend
  ON CONFLICT (lock_name) DO UPDATE SET role_name = excluded.role_name, held_since = excluded.held_since,
    application_name = excluded.application_name, host = excluded.host, process = excluded.process, backend_pid = excluded.backend_pid;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'server process % does not hold the %', coalesce(of_backend::text, 'null'), coalesce(replace(of_lock, '_', ' '), 'lock null')
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Take it first, by a connection that leads to the server itself or through a pooler in session mode.';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.record_lock_holder(text, int, text, int) IS
  'Records who holds a lock of a pass, for those who wait for it. Errors: object_not_in_prerequisite_state if that server process does not hold it.';

CREATE FUNCTION timesheet.lock_writers() RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$ SELECT timesheet.take_lock('writers_lock') $$;
COMMENT ON FUNCTION timesheet.lock_writers() IS 'Held until its transaction ends by everything that writes what is derived, so that writers come one after another.';

-- Raw event ids must become visible in order, or normalise() would step over a late one. Another lock than
-- the writers', so that one run can be stored while the one before is derived; who takes both takes this one last.
CREATE FUNCTION timesheet.lock_raw_events() RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$ SELECT timesheet.take_lock('raw_events_lock') $$;
COMMENT ON FUNCTION timesheet.lock_raw_events() IS 'Held until its transaction ends by everything that adds raw events, or needs to know the last one.';

CREATE FUNCTION timesheet.begin_run(
  command text, since date DEFAULT NULL, until date DEFAULT NULL, daemon_version text DEFAULT NULL, deriving_run bigint DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  run bigint;
BEGIN
  -- Whoever may begin holds the ingest lock, so a run still open belongs to a process that is gone.
  UPDATE timesheet.ingest_runs AS r SET status = 'failed', finished_at = clock_timestamp(), error = 'interrupted: the process ended without closing the run'
  WHERE r.status = 'running' AND r.ingest_run_id IS DISTINCT FROM deriving_run;
  INSERT INTO timesheet.ingest_runs (command, since, until, daemon_version)
  VALUES (begin_run.command, begin_run.since, begin_run.until, begin_run.daemon_version)
  RETURNING ingest_run_id INTO run;
  RETURN run;
END
$$;
COMMENT ON FUNCTION timesheet.begin_run(text, date, date, text, bigint) IS
  'Opens a row of the ledger and returns its id; runs left open by a dead process are closed as failed, but not the one that the caller still derives, named by deriving_run.';

CREATE FUNCTION timesheet.demand_open_run(run bigint) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM timesheet.ingest_runs AS r WHERE r.ingest_run_id = run AND r.status = 'running') THEN
    RAISE EXCEPTION 'ingest run % is not open', coalesce(run::text, 'null')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Open one with timesheet.begin_run().';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.demand_open_run(bigint) IS 'Fails unless this run is open.';

-- What is no text, or blanks, names no zone, as timesheetd sees it where it looks for a list that names any.
CREATE FUNCTION timesheet.zone_text(payload json, member text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN json_typeof(payload -> member) = 'string' THEN nullif(btrim(payload ->> member, E' \t\r\n'), '') END
$$;
COMMENT ON FUNCTION timesheet.zone_text(json, text) IS 'The zone that a member of an object names, without blanks around it; null where it names none.';

CREATE FUNCTION timesheet.time_tracking_names_zones() RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM timesheet.attribute_history AS o
    WHERE o.resource = 'TimeTrackingPeople' AND (o.sheet_zone IS NOT NULL OR o.culture_zone IS NOT NULL)
      AND NOT EXISTS (SELECT FROM timesheet.attribute_history AS l
                      WHERE l.jibble_id = o.jibble_id AND l.resource = o.resource AND l.raw_event_id > o.raw_event_id))
$$;
COMMENT ON FUNCTION timesheet.time_tracking_names_zones() IS
  'Whether time tracking named a zone of anybody when it was last read: else its nulls say nothing, and the workspace is asked in each pass.';

-- Time tracking and the workspace show the same zones. Where one is asked again after the other was, the zone that it still
-- shows is news if the other has shown another one meanwhile: A, B, A is three versions, whoever showed B. That there is
-- none, as time tracking still shows, is news as well if the workspace stood in for it and named one.
CREATE FUNCTION timesheet.shows_another_zone(of_resource text, id uuid, object json, after_raw_event bigint) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT json_typeof(object) = 'object' AND EXISTS (
    SELECT FROM (
      SELECT v.*, timesheet.zone_text(timesheet.readable(object), v.own) AS zone
      FROM (VALUES ('TimeTrackingPeople', 'timeZone', 'People', 'ICultureSettings/TimeZone'),
        ('TimeTrackingPeople', 'timeSheetTimeZone', 'People', 'ICalculationSettings/TimeSheetTimeZone'),
        ('People', 'ICultureSettings/TimeZone', 'TimeTrackingPeople', 'timeZone'),
        ('People', 'ICalculationSettings/TimeSheetTimeZone', 'TimeTrackingPeople', 'timeSheetTimeZone'))
        AS v (resource, own, other_resource, others)
      WHERE v.resource = of_resource
    ) AS m
    CROSS JOIN LATERAL (
      SELECT r.raw_event_id, z.zone FROM timesheet.raw_events AS r
      CROSS JOIN LATERAL (
        SELECT timesheet.zone_text(timesheet.readable(r.payload), m.others) WHERE json_typeof(r.payload) = 'object'
      ) AS z (zone)
      WHERE r.jibble_id = id AND r.resource = m.other_resource AND r.raw_event_id > after_raw_event AND z.zone IS NOT NULL
      ORDER BY r.raw_event_id DESC LIMIT 1
    ) AS other
    WHERE other.zone <> m.zone
       OR m.zone IS NULL AND of_resource = 'TimeTrackingPeople' AND timesheet.readable(object) -> m.own IS NOT NULL
         AND other.raw_event_id > timesheet.names_zones_since(of_resource) AND timesheet.time_tracking_names_zones())
$$;
COMMENT ON FUNCTION timesheet.shows_another_zone(text, uuid, json, bigint) IS
  'Whether this object of one of People and TimeTrackingPeople names another zone than the other resource did last, after that raw event; or, of time tracking, which names zones, none where the workspace did.';

-- The workspace lists people plainly, and is asked for one of them with zones: the plain one, if it is the same otherwise, is
-- no other version, as what an answer leaves out is unknown and not gone.
CREATE FUNCTION timesheet.lacks_zones_only(object json, stored json) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN json_typeof(object) = 'object' AND json_typeof(stored) = 'object' THEN
    timesheet.readable(stored)::jsonb - z.members = timesheet.readable(object)::jsonb
    AND timesheet.readable(stored)::jsonb ?| z.members
  ELSE false END
  FROM (SELECT ARRAY['ICultureSettings/TimeZone', 'ICalculationSettings/TimeSheetTimeZone'] AS members) AS z
$$;
COMMENT ON FUNCTION timesheet.lacks_zones_only(json, json) IS
  'Whether this person, as the workspace shows it, is the stored one without its zones, and the same otherwise.';

CREATE FUNCTION timesheet.store_objects(for_run bigint, of_resource text, ids uuid[], objects json[], OUT new_rows int, OUT changed_rows int)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  first_ones int[];
  later_ones int[];
  again int;
BEGIN
  -- An object can stand twice: first all first ones are stored, then one by one the others, each against the one before it.
  -- Without an id only the text tells objects apart, so the same again is nothing new.
  SELECT array_agg(t.n ORDER BY t.n) FILTER (WHERE t.turn = 1), array_agg(t.n ORDER BY t.n) FILTER (WHERE t.turn > 1 AND t.id IS NOT NULL) INTO first_ones, later_ones
  FROM (SELECT u.n, u.id, row_number() OVER (PARTITION BY u.id, CASE WHEN u.id IS NULL THEN objects[u.n]::text END ORDER BY u.n) AS turn
        FROM unnest(ids) WITH ORDINALITY AS u (id, n)) AS t;

  WITH judged AS MATERIALIZED ( -- without the payloads, which are large
    SELECT u.n, stored.is_same
    FROM unnest(first_ones) AS u (n)
    LEFT JOIN LATERAL (
      (SELECT coalesce(CASE WHEN r.payload::text = objects[u.n]::text THEN NOT CASE WHEN of_resource IN ('People', 'TimeTrackingPeople')
                THEN timesheet.shows_another_zone(of_resource, ids[u.n], objects[u.n], r.raw_event_id) ELSE false END
                WHEN of_resource = 'People' THEN timesheet.lacks_zones_only(objects[u.n], r.payload) END, false) AS is_same
       FROM timesheet.raw_events AS r
       WHERE r.jibble_id = ids[u.n] AND r.resource = of_resource ORDER BY r.raw_event_id DESC LIMIT 1)
      UNION ALL
      (SELECT true FROM timesheet.raw_events AS r
       WHERE ids[u.n] IS NULL AND r.jibble_id IS NULL AND r.resource = of_resource AND md5(r.payload::text) = md5(objects[u.n]::text) LIMIT 1)
    ) AS stored ON true
  ), kept AS (
    INSERT INTO timesheet.raw_events (resource, jibble_id, payload, ingest_run_id)
    SELECT of_resource, ids[j.n], objects[j.n], for_run FROM judged AS j WHERE j.is_same IS NOT TRUE
  )
  SELECT count(*) FILTER (WHERE j.is_same IS NULL), count(*) FILTER (WHERE NOT j.is_same) INTO new_rows, changed_rows FROM judged AS j;

  FOREACH again IN ARRAY coalesce(later_ones, '{}') LOOP
    INSERT INTO timesheet.raw_events (resource, jibble_id, payload, ingest_run_id)
    SELECT of_resource, ids[again], objects[again], for_run
    FROM (SELECT r.payload FROM timesheet.raw_events AS r
          WHERE r.jibble_id = ids[again] AND r.resource = of_resource ORDER BY r.raw_event_id DESC LIMIT 1) AS last
    WHERE last.payload::text IS DISTINCT FROM objects[again]::text;
    IF FOUND THEN
      changed_rows := changed_rows + 1;
    END IF;
  END LOOP;
END
$$;
COMMENT ON FUNCTION timesheet.store_objects(bigint, text, uuid[], json[]) IS
  'Keeps those of the objects, each with its id or null, that differ from their last stored version. Returns objects never seen before, and further versions.';

CREATE FUNCTION timesheet.store_page(
  for_run bigint, resource text, jibble_ids text[], payloads text[],
  OUT rows int, OUT new_rows int, OUT changed_rows int)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  part CONSTANT int := 250;
  ids uuid[];
  texts text[];
  objects json[];
BEGIN
  IF cardinality(jibble_ids) IS DISTINCT FROM cardinality(payloads) THEN
    RAISE EXCEPTION 'jibble_ids has % elements, payloads has %', cardinality(jibble_ids), cardinality(payloads)
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Pass one id, or null, for each payload.';
  END IF;
  PERFORM timesheet.demand_open_run(for_run);
  PERFORM timesheet.lock_raw_events();

  rows := cardinality(payloads);
  new_rows := 0;
  changed_rows := 0;
  -- In parts: what a whole page takes of fresh memory costs more than the calls do.
  FOR begun IN 0 .. rows - 1 BY part LOOP
    -- An id of zeros is none.
    ids := array_replace(jibble_ids[begun + 1 : begun + part]::uuid[], '00000000-0000-0000-0000-000000000000', NULL);
    texts := payloads[begun + 1 : begun + part];
    -- Object by object, as_json() costs a subtransaction each: only where one of them needs it.
    BEGIN
      objects := texts::json[];
    EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
      SELECT array_agg(timesheet.as_json(u.payload) ORDER BY u.n) INTO objects FROM unnest(texts) WITH ORDINALITY AS u (payload, n);
    END;
    SELECT store_page.new_rows + s.new_rows, store_page.changed_rows + s.changed_rows INTO new_rows, changed_rows
    FROM timesheet.store_objects(for_run, resource, ids, objects) AS s;
  END LOOP;

  UPDATE timesheet.ingest_runs AS r
  SET pages = r.pages + 1, rows = r.rows + store_page.rows, new = r.new + new_rows, changed = r.changed + changed_rows
  WHERE r.ingest_run_id = for_run;
END
$$;
COMMENT ON FUNCTION timesheet.store_page(bigint, text, text[], text[]) IS
  'Keeps one page of objects: a raw event for each that differs from its last stored version. Returns rows received, '
  'objects never seen before, and further versions. Objects without an id (null, or zeros) are recognised by their '
  'text.';

CREATE FUNCTION timesheet.seal_run(for_run bigint) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  through_raw_event bigint;
BEGIN
  PERFORM timesheet.demand_open_run(for_run);
  PERFORM timesheet.lock_raw_events();
  UPDATE timesheet.ingest_runs AS r SET through_raw_event = (SELECT coalesce(max(e.raw_event_id), 0) FROM timesheet.raw_events AS e)
  WHERE r.ingest_run_id = for_run AND r.through_raw_event IS NULL
  RETURNING r.through_raw_event INTO through_raw_event;
  RETURN through_raw_event;
END
$$;
COMMENT ON FUNCTION timesheet.seal_run(bigint) IS
  'Says that everything of this run is stored: whatever is stored from now on is left to the next run, which may begin before finish_run() of this one. Returns the last raw event, or null for a run that is sealed.';

CREATE FUNCTION timesheet.finish_run(for_run bigint, OUT new bigint, OUT changed bigint, OUT deleted bigint, OUT rejected_entry bigint)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  after_raw_event bigint;
  through_raw_event bigint;
BEGIN
  PERFORM timesheet.require_writable();
  PERFORM timesheet.demand_open_run(for_run);
  PERFORM timesheet.lock_writers();
  PERFORM timesheet.seal_run(for_run) FROM timesheet.ingest_runs AS r WHERE r.ingest_run_id = for_run AND r.through_raw_event IS NULL;
  SELECT s.normalised_through, r.through_raw_event INTO after_raw_event, through_raw_event
  FROM timesheet.ingest_state AS s CROSS JOIN timesheet.ingest_runs AS r WHERE r.ingest_run_id = for_run;
  SELECT n.deleted, n.rejected_entry INTO deleted, rejected_entry FROM timesheet.normalise(after_raw_event, through_raw_event) AS n;
  UPDATE timesheet.ingest_state SET normalised_through = through_raw_event WHERE normalised_through < through_raw_event;
  -- Without an error: where the daemon died meanwhile, the next one may have set down an interruption already.
  UPDATE timesheet.ingest_runs AS r
  SET status = 'succeeded', error = NULL, finished_at = clock_timestamp(), deleted = finish_run.deleted, rejected_entry = finish_run.rejected_entry
  WHERE r.ingest_run_id = for_run
  RETURNING r.new, r.changed INTO finish_run.new, finish_run.changed;
END
$$;
COMMENT ON FUNCTION timesheet.finish_run(bigint) IS
  'Derives the normalised tables from all raw events not yet seen by them, up to where the run was sealed or else to the last one, in one transaction, and closes the run as succeeded.';

CREATE FUNCTION timesheet.fail_run(for_run bigint, error text) RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
  UPDATE timesheet.ingest_runs AS r SET status = 'failed', finished_at = clock_timestamp(), error = fail_run.error
  WHERE r.ingest_run_id = for_run AND r.status = 'running'
$$;
COMMENT ON FUNCTION timesheet.fail_run(bigint, text) IS 'Closes a run as failed. What it stored raw stays and is derived by the next run that succeeds.';

CREATE FUNCTION timesheet.run_problems(for_run bigint)
RETURNS TABLE (resource text, jibble_id uuid, raw_event_id bigint, problem text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT r.resource, r.jibble_id, r.raw_event_id, p.problem
  FROM timesheet.raw_events AS r JOIN timesheet.ingest_problems AS p USING (raw_event_id)
  WHERE r.ingest_run_id = for_run ORDER BY r.raw_event_id
$$;
COMMENT ON FUNCTION timesheet.run_problems(bigint) IS 'The versions a run brought that could not be understood, and why.';

CREATE FUNCTION timesheet.replay(since date DEFAULT NULL, until date DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  through_raw_event bigint;
  batch uuid[];
  replayed bigint := 0;
BEGIN
  IF since > until THEN
    RAISE EXCEPTION 'since % is after until %', since, until
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the first workday and the day after the last one.';
  END IF;
  PERFORM timesheet.require_writable();
  PERFORM timesheet.lock_writers();
  IF since IS NULL AND until IS NULL THEN
    PERFORM timesheet.lock_raw_events();
    SELECT coalesce(max(r.raw_event_id), 0) INTO through_raw_event FROM timesheet.raw_events AS r;
    DELETE FROM timesheet.ingest_problems;
    DELETE FROM timesheet.attribute_history;
    DELETE FROM timesheet.agent_history; -- whoever has none is given one anew
    -- What no raw event speaks of did not come from Jibble.
    DELETE FROM timesheet.time_entries AS e WHERE NOT EXISTS (
      SELECT FROM timesheet.raw_events AS r WHERE r.jibble_id = e.jibble_activity_id AND r.resource = 'TimeEntries' AND r.payload IS NOT NULL);
    DELETE FROM timesheet.hour_entries AS e WHERE NOT EXISTS (
      SELECT FROM timesheet.raw_events AS r WHERE r.jibble_id = e.jibble_id AND r.resource = 'HourEntries' AND r.payload IS NOT NULL);
    PERFORM timesheet.normalise(0, through_raw_event);
    UPDATE timesheet.ingest_state SET normalised_through = through_raw_event WHERE normalised_through <> through_raw_event;
    RETURN (SELECT count(*) FROM timesheet.time_entries) + (SELECT count(*) FROM timesheet.hour_entries);
  END IF;
  PERFORM timesheet.reassign_changed_zones();
  FOR batch IN
    SELECT array_agg(n.id) FROM (
      SELECT e.jibble_activity_id AS id, row_number() OVER (ORDER BY e.agent_id, e.start_time_utc) / 1000 AS number
      FROM timesheet.time_entries AS e
      WHERE (since IS NULL OR e.workday >= since) AND (until IS NULL OR e.workday < until)
    ) AS n GROUP BY n.number
  LOOP
    PERFORM timesheet.normalise_objects('TimeEntries', batch);
    replayed := replayed + cardinality(batch);
  END LOOP;
  FOR batch IN
    SELECT array_agg(e.jibble_id) FROM timesheet.hour_entries AS e
    WHERE (since IS NULL OR e.workday >= since) AND (until IS NULL OR e.workday < until)
    HAVING count(*) > 0
  LOOP
    PERFORM timesheet.normalise_objects('HourEntries', batch);
    replayed := replayed + cardinality(batch);
  END LOOP;
  RETURN replayed;
END
$$;
COMMENT ON FUNCTION timesheet.replay(date, date) IS
  'Rebuilds the normalised tables from raw_events, settings and corrections; ids stay and every hour stays the same. With bounds, only the entries whose workday lies in [since, until). Returns how many entries were rebuilt.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (8, '0008_ingest');
