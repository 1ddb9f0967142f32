-- What Jibble no longer shows. It has no list of deletions: an entry is deleted if a window that was read whole
-- lacks it and a question for its id, in a form that has just found an entry that is known to live, finds nothing
-- (its date may just have been edited). What cannot be proven so, and what belongs to somebody who is gone as
-- well, is held back until a person decides.
--
--   listed ──▶ missing ──asked by id──▶ found: it lives, on another date
--                │                 └──▶ found by nothing ──▶ a tombstone: deleted
--                │                                     ├──▶ its person is gone:                     held (person_deleted)
--                │                                     └──▶ of all people but one nothing is found: held (person_not_shown)
--                └──nothing else is listed, nor is an entry of other days found ──▶ held (nothing_listed)
--
-- What is held as person_not_shown stays so, whatever a later window shows of others, until something of its person
-- is found. Both lists are read before anything is decided: whoever vanished from either, or is held already, counts.

-- Jibble's date is what a window is asked by; what has none is looked for by its workday.
CREATE INDEX time_entries_jibble_date ON timesheet.time_entries (belongs_to_date) WHERE deleted_at IS NULL;
CREATE INDEX time_entries_without_jibble_date ON timesheet.time_entries (workday)
  WHERE deleted_at IS NULL AND belongs_to_date IS NULL;
CREATE INDEX hour_entries_date ON timesheet.hour_entries (workday) WHERE deleted_at IS NULL;

CREATE TABLE timesheet.held_deletions (
  resource   text NOT NULL
    CONSTRAINT held_resource_must_be_known
    CHECK (resource IN ('TimeEntries', 'HourEntries', 'People', 'Groups', 'Activities')),
  jibble_id  uuid NOT NULL,
  person_id  uuid,
  reason     text NOT NULL CONSTRAINT held_reason_must_be_known
    CHECK (reason IN ('person_deleted', 'person_not_shown', 'nothing_listed')),
  held_since timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (resource, jibble_id)
);
COMMENT ON TABLE timesheet.held_deletions IS
  'What Jibble shows no more and is kept all the same, in the hours too, until it is shown again or timesheetd sync '
  '--allow-mass-deletion deletes it.';
COMMENT ON COLUMN timesheet.held_deletions.person_id IS 'Of an entry: the Jibble id of its person.';
COMMENT ON COLUMN timesheet.held_deletions.reason IS
  'person_deleted: the entry''s person is not found either. person_not_shown: nothing of the person is found, nor '
  'of others, but of one alone: the key may have lost the right to read others'' entries. nothing_listed: nothing else was '
  'listed, nor an entry of other days found, so that nothing could prove that Jibble would find what it still has.';

-- What a run that failed left raw only; not what another has just read whole and is about to derive.
CREATE FUNCTION timesheet.underived_entries(of_resource text, seen uuid[])
  RETURNS TABLE (jibble_id uuid, on_date text, person_id text, is_dated boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  SELECT u.jibble_id, left(coalesce(p.payload ->> 'belongsToDate', p.payload ->> 'date', p.payload ->> 'time'), 10),
    p.payload ->> 'personId', coalesce(p.payload ->> 'belongsToDate', p.payload ->> 'date') IS NOT NULL
  FROM (
    SELECT r.jibble_id, max(r.raw_event_id) AS raw_event_id FROM timesheet.raw_events AS r
    WHERE r.raw_event_id > (SELECT s.normalised_through FROM timesheet.ingest_state AS s) AND r.resource = of_resource
      AND (r.ingest_run_id = ANY (ARRAY(SELECT q.ingest_run_id FROM timesheet.ingest_runs AS q
        WHERE q.status = 'running' AND q.through_raw_event IS NOT NULL))) IS NOT TRUE
      AND r.jibble_id IS NOT NULL AND NOT EXISTS (SELECT FROM unnest(seen) AS s (id) WHERE s.id = r.jibble_id)
    GROUP BY r.jibble_id OFFSET 0
  ) AS u
  JOIN timesheet.raw_events AS r USING (raw_event_id)
  CROSS JOIN LATERAL (SELECT timesheet.readable(r.payload) AS payload OFFSET 0) AS p
  WHERE json_typeof(r.payload) = 'object'
$$;
COMMENT ON FUNCTION timesheet.underived_entries(text, uuid[]) IS
  'Entries not among those seen whose last version waits to be derived, with the date it names (else that of its '
  'time), as text (YYYY-MM-DD if it is one), its personId, and whether Jibble gave it a date.';

CREATE FUNCTION timesheet.is_tombstoned(of_resource text, id uuid) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce((SELECT r.payload IS NULL FROM timesheet.raw_events AS r
                   WHERE r.jibble_id = id AND r.resource = of_resource ORDER BY r.raw_event_id DESC LIMIT 1), false)
$$;
COMMENT ON FUNCTION timesheet.is_tombstoned(text, uuid) IS
  'Whether the last that is known of this object is that it was found gone.';

CREATE FUNCTION timesheet.missing_entries(resource text, since date, until date, seen uuid[])
RETURNS TABLE (jibble_id uuid, person_id uuid, is_dated boolean, is_held boolean)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO' SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
BEGIN
  IF resource NOT IN ('TimeEntries', 'HourEntries') THEN
    RAISE EXCEPTION 'resource "%" has no window of days', resource
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use TimeEntries or HourEntries.';
  END IF;
  RETURN QUERY
    WITH live AS (
      SELECT e.jibble_activity_id AS id, e.agent_id, true AS has_date FROM timesheet.time_entries AS e
      WHERE resource = 'TimeEntries' AND e.deleted_at IS NULL AND e.belongs_to_date BETWEEN since AND until
      UNION ALL
      SELECT e.jibble_activity_id, e.agent_id, false FROM timesheet.time_entries AS e
      WHERE resource = 'TimeEntries' AND e.deleted_at IS NULL AND e.belongs_to_date IS NULL
        AND e.workday BETWEEN since AND until
      UNION ALL
      SELECT e.jibble_id, e.agent_id, true FROM timesheet.hour_entries AS e
      WHERE resource = 'HourEntries' AND e.deleted_at IS NULL AND e.workday BETWEEN since AND until
    ), missing AS MATERIALIZED (
      SELECT l.id, a.jibble_id AS person, l.has_date FROM live AS l JOIN timesheet.agents AS a USING (agent_id)
      WHERE NOT EXISTS (SELECT FROM unnest(seen) AS s (id) WHERE s.id = l.id)
    ), underived AS MATERIALIZED (
      SELECT u.jibble_id AS id,
        CASE WHEN u.person_id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN u.person_id::uuid END AS person,
          u.is_dated AS has_date
      FROM timesheet.underived_entries(resource, seen) AS u WHERE u.on_date BETWEEN since::text AND until::text
    )
    SELECT o.id, o.person, o.has_date,
      EXISTS (SELECT FROM timesheet.held_deletions AS h
              WHERE h.resource = missing_entries.resource AND h.jibble_id = o.id AND h.reason = 'person_deleted')
        AND timesheet.is_tombstoned('People', o.person)
    FROM (
      SELECT m.id, m.person, m.has_date AND u.has_date IS NOT FALSE AS has_date FROM missing AS m
        LEFT JOIN underived AS u USING (id)
      UNION ALL
      SELECT u.id, u.person, u.has_date FROM underived AS u
        WHERE NOT EXISTS (SELECT FROM missing AS m WHERE m.id = u.id)
    ) AS o
    ORDER BY 1;
END
$$;
COMMENT ON FUNCTION timesheet.missing_entries(text, date, date, uuid[]) IS
  'Entries that Jibble dates in [since, until], both included (or, without a date of Jibble''s, whose workday lies '
  'there), live or not yet derived, and that are not among those seen: of a window that was read whole, the ones to '
  'ask for by id. With each its person''s Jibble id, whether Jibble gave it a date, and whether it is held back '
  'because its person was found gone, and still is.';

-- Whose entries this key is shown: of somebody else's, that none is found may mean that it may not read them.
CREATE FUNCTION timesheet.people_shown(seen uuid[], people uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  WITH underived AS MATERIALIZED (
    SELECT DISTINCT ON (u.jibble_id) u.jibble_id AS id, u.person
    FROM (
      SELECT r.jibble_id, r.raw_event_id, timesheet.member(timesheet.readable(r.payload), 'personId') AS person
      FROM timesheet.raw_events AS r
      WHERE r.raw_event_id > (SELECT s.normalised_through FROM timesheet.ingest_state AS s)
        AND r.resource IN ('TimeEntries', 'HourEntries') AND r.payload IS NOT NULL
        AND EXISTS (SELECT FROM unnest(seen) AS s (id) WHERE s.id = r.jibble_id)
    ) AS u
    ORDER BY u.jibble_id, u.raw_event_id DESC
  ), derived AS (
    SELECT s.id FROM unnest(seen) AS s (id) WHERE NOT EXISTS (SELECT FROM underived AS u WHERE u.id = s.id)
  ), shown AS (
    SELECT u.person FROM underived AS u
    UNION
    SELECT a.jibble_id::text FROM derived AS d JOIN timesheet.time_entries AS e ON e.jibble_activity_id = d.id
      JOIN timesheet.agents AS a USING (agent_id)
    UNION
    SELECT a.jibble_id::text FROM derived AS d JOIN timesheet.hour_entries AS e ON e.jibble_id = d.id
      JOIN timesheet.agents AS a USING (agent_id)
  )
  SELECT p.id FROM unnest(people) AS p (id) WHERE EXISTS (SELECT FROM shown AS s WHERE lower(s.person) = p.id::text)
  UNION
  SELECT a.jibble_id FROM timesheet.agents AS a
  WHERE people IS NULL AND EXISTS (SELECT FROM shown AS s WHERE lower(s.person) = a.jibble_id::text)
$$;
COMMENT ON FUNCTION timesheet.people_shown(uuid[], uuid[]) IS
  'Those of these people (Jibble''s ids; null: of all that are known) of whom one of the entries seen is, time or hour entry, derived or not.';

CREATE FUNCTION timesheet.people_held() RETURNS TABLE (person_id uuid, is_not_shown boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT h.person_id, bool_or(h.reason = 'person_not_shown') FROM timesheet.held_deletions AS h
  WHERE h.resource IN ('TimeEntries', 'HourEntries') AND h.person_id IS NOT NULL
  GROUP BY h.person_id
$$;
COMMENT ON FUNCTION timesheet.people_held() IS
  'Whose entries are held back, on whatever days and of whichever resource, and whether some are as person_not_shown: '
  'those go only where something of the person is found again, or a person decides.';

-- Only such as Jibble dated: they can be asked for in each form.
CREATE FUNCTION timesheet.witness_entries(resource text, since date, until date, of_person uuid DEFAULT NULL,
  most int DEFAULT 3) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
DECLARE
  of_agent int := (SELECT a.agent_id FROM timesheet.agents AS a WHERE a.jibble_id = of_person);
BEGIN
  IF of_person IS NOT NULL AND of_agent IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT w.id FROM (
      (SELECT e.jibble_activity_id AS id, since - e.belongs_to_date AS days FROM timesheet.time_entries AS e
       WHERE resource = 'TimeEntries' AND e.deleted_at IS NULL AND e.belongs_to_date < since
         AND (of_person IS NULL OR e.agent_id = of_agent)
         AND NOT EXISTS (SELECT FROM timesheet.held_deletions AS h WHERE h.resource = 'TimeEntries'
           AND h.jibble_id = e.jibble_activity_id)
       ORDER BY e.belongs_to_date DESC LIMIT most)
      UNION ALL
      (SELECT e.jibble_activity_id, e.belongs_to_date - until FROM timesheet.time_entries AS e
       WHERE resource = 'TimeEntries' AND e.deleted_at IS NULL AND e.belongs_to_date > until
         AND (of_person IS NULL OR e.agent_id = of_agent)
         AND NOT EXISTS (SELECT FROM timesheet.held_deletions AS h WHERE h.resource = 'TimeEntries'
           AND h.jibble_id = e.jibble_activity_id)
       ORDER BY e.belongs_to_date LIMIT most)
      UNION ALL
      (SELECT e.jibble_id, abs(e.workday - since) FROM timesheet.hour_entries AS e
       WHERE resource = 'HourEntries' AND e.deleted_at IS NULL AND e.workday NOT BETWEEN since AND until
         AND (of_person IS NULL OR e.agent_id = of_agent)
         AND NOT EXISTS (SELECT FROM timesheet.held_deletions AS h WHERE h.resource = 'HourEntries'
           AND h.jibble_id = e.jibble_id)
       ORDER BY abs(e.workday - since) LIMIT most)
    ) AS w
    ORDER BY w.days LIMIT most;
END
$$;
COMMENT ON FUNCTION timesheet.witness_entries(text, date, date, uuid, int) IS
  'Live entries outside [since, until], both included, the nearest first, of a person (Jibble''s id) or of anybody: '
  'what a question must find before what it does not find is taken as deleted. None that is held back.';

CREATE FUNCTION timesheet.has_version(of_resource text, id uuid) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (SELECT FROM timesheet.raw_events AS r WHERE r.jibble_id = id AND r.resource = of_resource
    AND r.payload IS NOT NULL)
$$;
COMMENT ON FUNCTION timesheet.has_version(text, uuid) IS
  'Whether Jibble has ever shown this object, understood or not.';

CREATE FUNCTION timesheet.missing_objects(resource text, seen uuid[])
  RETURNS TABLE (jibble_id uuid, is_described boolean)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
BEGIN
  IF resource NOT IN ('People', 'Groups', 'Activities') THEN
    RAISE EXCEPTION 'resource "%" is not read as one list', resource
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use People, Groups or Activities.';
  END IF;
  RETURN QUERY
    SELECT o.id, o.is_named OR timesheet.has_version(resource, o.id) FROM (
      SELECT a.jibble_id AS id, a.full_name IS NOT NULL AS is_named FROM timesheet.agents AS a
      WHERE resource = 'People' AND a.status IS DISTINCT FROM 'Removed'
      UNION ALL
      SELECT g.jibble_id, g.name IS NOT NULL FROM timesheet.client_groups AS g
      WHERE resource = 'Groups' AND g.status IS DISTINCT FROM 'Archived'
      UNION ALL
      SELECT c.jibble_id, c.name IS NOT NULL FROM timesheet.activities AS c
      WHERE resource = 'Activities' AND c.status IS DISTINCT FROM 'Archived'
    ) AS o
    WHERE NOT EXISTS (SELECT FROM unnest(seen) AS s (id) WHERE s.id = o.id)
    ORDER BY random(); -- only so many are asked for in a pass: each gets its turn
END
$$;
COMMENT ON FUNCTION timesheet.missing_objects(text, uuid[]) IS
  'People, groups or activities that are not among those listed: shown once, whether with a name or not, and not '
  'Removed or Archived since, or named by an entry or a person and never shown. In no order.';

-- One that Jibble shows without a name, or in a way that is rejected, would be shown so again.
CREATE FUNCTION timesheet.unknown_objects() RETURNS TABLE (resource text, jibble_id uuid)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  SELECT o.resource, o.id FROM (
    SELECT 'People' AS resource, a.jibble_id AS id FROM timesheet.agents AS a
      WHERE a.full_name IS NULL AND a.status IS DISTINCT FROM 'Removed'
    UNION ALL
    SELECT 'Groups', g.jibble_id FROM timesheet.client_groups AS g
      WHERE g.name IS NULL AND g.status IS DISTINCT FROM 'Archived'
    UNION ALL
    SELECT 'Activities', c.jibble_id FROM timesheet.activities AS c
      WHERE c.name IS NULL AND c.status IS DISTINCT FROM 'Archived'
  ) AS o
  WHERE NOT timesheet.has_version(o.resource, o.id)
$$;
COMMENT ON FUNCTION timesheet.unknown_objects() IS
  'People, groups and activities that an entry or a person names, that Jibble has never shown, not even without a '
  'name, and that were not found gone.';

-- An object that was never described can be found gone too: else it would be asked for again and again.
CREATE FUNCTION timesheet.store_tombstones(for_run bigint, resource text, jibble_ids uuid[]) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  stored int;
BEGIN
  PERFORM timesheet.demand_open_run(for_run);
  PERFORM timesheet.lock_raw_events();
  INSERT INTO timesheet.raw_events (resource, jibble_id, payload, ingest_run_id)
  SELECT store_tombstones.resource, gone.id, NULL, for_run
  FROM (SELECT DISTINCT u.id FROM unnest(jibble_ids) AS u (id)) AS gone
  WHERE NOT timesheet.is_tombstoned(store_tombstones.resource, gone.id);
  GET DIAGNOSTICS stored = ROW_COUNT;
  RETURN stored;
END
$$;
COMMENT ON FUNCTION timesheet.store_tombstones(bigint, text, uuid[]) IS
  'Keeps that these objects were found gone: a raw event without payload for each that is not known to be. Closing the '
  'run marks entries as deleted, people as Removed, groups and activities as Archived; if one comes back, it lives '
  'again. Returns how many were stored.';

-- An alert for each person whose entries are held, and one for each list that came empty.
CREATE FUNCTION timesheet.update_deletion_alerts() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO' SET jit = off
AS $$
DECLARE
  held record;
  subjects text[] := '{contacts}'; -- that one is raised and resolved by timesheet.store_contacts()
BEGIN
  FOR held IN
    SELECT coalesce(h.list, 'agent ' || a.agent_id, 'person ' || h.person_id, 'person without an id') AS subject,
      h.list, bool_or(h.reason = 'person_deleted') AS is_person_gone, a.full_name, count(*) AS number,
      min(coalesce(t.belongs_to_date, t.workday, d.workday)::text) AS first,
        max(coalesce(t.belongs_to_date, t.workday, d.workday)::text) AS last
    FROM (SELECT o.reason, o.resource, o.jibble_id, CASE WHEN o.reason = 'nothing_listed' THEN o.resource END AS list,
            CASE WHEN o.reason <> 'nothing_listed' THEN o.person_id END AS person_id
          FROM timesheet.held_deletions AS o) AS h
    LEFT JOIN timesheet.agents AS a ON a.jibble_id = h.person_id
    LEFT JOIN timesheet.time_entries AS t ON h.resource = 'TimeEntries' AND t.jibble_activity_id = h.jibble_id
    LEFT JOIN timesheet.hour_entries AS d ON h.resource = 'HourEntries' AND d.jibble_id = h.jibble_id
    GROUP BY h.list, h.person_id, a.full_name, a.agent_id
  LOOP
    subjects := subjects || held.subject;
    PERFORM timesheet.raise_alert('deletions_held', held.subject,
      CASE WHEN held.list IS NOT NULL THEN
        format('Jibble lists no %s%s, though %s known; nothing was deleted. Once it is certain that its key may read '
          'everything and that they are to go',
          CASE held.list WHEN 'TimeEntries' THEN 'time entry' WHEN 'HourEntries' THEN 'hour entry'
            WHEN 'People' THEN 'person' WHEN 'Groups' THEN 'group' ELSE 'activity' END,
          ' from ' || held.first || ' to ' || held.last,
          CASE held.number WHEN 1 THEN '1 is' ELSE held.number || ' are' END)
      ELSE
        format(CASE WHEN held.is_person_gone
          THEN 'Jibble shows %s of %s no more, nor the person; they still count. Once it is certain that they are to go'
          ELSE 'Jibble shows %s of %s no more, and nothing but what is one other person''s; they still count. Once it is '
            'certain that its key may read everybody''s and that they are to go' END,
          CASE held.number WHEN 1 THEN '1 entry' ELSE held.number || ' entries' END,
            coalesce(held.full_name, 'somebody without a known name'))
      END || format(', run timesheetd sync%s --allow-mass-deletion', ' --since ' || held.first || ' --until '
        || held.last));
  END LOOP;
  PERFORM timesheet.resolve_alert('deletions_held', o.subject) FROM timesheet.alerts AS o
  WHERE o.kind = 'deletions_held' AND o.resolved_at IS NULL AND o.subject <> ALL (subjects);
END
$$;
COMMENT ON FUNCTION timesheet.update_deletion_alerts() IS
  'Raises an alert deletions_held for each person whose entries are in timesheet.held_deletions ("agent 12") and for '
  'each list that came empty ("TimeEntries"), and resolves those whose cause is over.';

CREATE FUNCTION timesheet.hold_deletions(for_run bigint, resource text, since date, until date, held uuid[],
  people uuid[], reasons text[]) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO' SET jit = off
AS $$
DECLARE
  released int;
BEGIN
  IF cardinality(held) IS DISTINCT FROM cardinality(people)
    OR cardinality(held) IS DISTINCT FROM cardinality(reasons) THEN
    RAISE EXCEPTION 'held has % elements, people has %, reasons has %', cardinality(held), cardinality(people),
      cardinality(reasons)
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Pass one person, or null, and one reason for each id.';
  END IF;
  PERFORM timesheet.demand_open_run(for_run);
  DELETE FROM timesheet.held_deletions AS h
  WHERE h.resource = hold_deletions.resource AND h.jibble_id <> ALL (held) AND (
    h.resource NOT IN ('TimeEntries', 'HourEntries')
    -- Those of other days were not asked about. What is not in the tables yet is held again if it has to be.
    OR NOT EXISTS (SELECT FROM timesheet.time_entries AS e WHERE e.jibble_activity_id = h.jibble_id
      AND e.deleted_at IS NULL
                   AND coalesce(e.belongs_to_date, e.workday) NOT BETWEEN since AND until)
   AND NOT EXISTS (SELECT FROM timesheet.hour_entries AS e WHERE e.jibble_id = h.jibble_id AND e.deleted_at IS NULL
     AND e.workday NOT BETWEEN since AND until));
  GET DIAGNOSTICS released = ROW_COUNT;
  INSERT INTO timesheet.held_deletions AS h (resource, jibble_id, person_id, reason)
  SELECT hold_deletions.resource, n.id, n.person, n.reason FROM unnest(held, people, reasons) AS n (id, person, reason)
  ON CONFLICT ON CONSTRAINT held_deletions_pkey DO UPDATE SET person_id = excluded.person_id, reason = excluded.reason
  WHERE (h.person_id, h.reason) IS DISTINCT FROM (excluded.person_id, excluded.reason);
  -- Of what a run that failed left raw, days and names come later than the first alert.
  IF released > 0 OR cardinality(held) > 0 THEN
    PERFORM timesheet.update_deletion_alerts();
  END IF;
  RETURN (SELECT count(*) FROM timesheet.held_deletions AS h WHERE h.resource = hold_deletions.resource);
END
$$;
COMMENT ON FUNCTION timesheet.hold_deletions(bigint, text, date, date, uuid[], uuid[], text[]) IS
  'Says which entries of the days [since, until], both included, or which people, groups or activities, a run holds '
  'back, with the person of each and the reason; those held before and not named any more are released. Alerts follow. '
  'Returns how many of the resource are held, on whatever days.';

-- What was read stays, in the hours as well, though the run failed: a question that nobody answers must not keep the
-- rest out.
CREATE FUNCTION timesheet.finish_run_as_failed(for_run bigint, error text, OUT new bigint, OUT changed bigint,
  OUT deleted bigint, OUT rejected_entry bigint)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
BEGIN
  SELECT f.new, f.changed, f.deleted, f.rejected_entry INTO new, changed, deleted, rejected_entry
    FROM timesheet.finish_run(for_run) AS f;
  UPDATE timesheet.ingest_runs AS r SET status = 'failed', error = finish_run_as_failed.error
    WHERE r.ingest_run_id = for_run;
END
$$;
COMMENT ON FUNCTION timesheet.finish_run_as_failed(bigint, text) IS
  'As timesheet.finish_run(), but closes the run as failed, for this reason: what was read is derived, and something '
  'else went wrong.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (14, '0014_deletions');
