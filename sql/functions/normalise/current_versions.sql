-- From raw versions to normalised rows: set by set, a pure function of raw_events, settings and corrections.
--
-- The version of each object that counts: the last one that could be understood. Whether the
-- object lives is said by its last version, understood or not.
CREATE OR REPLACE FUNCTION timesheet.current_versions(of_resource text, ids uuid[])
RETURNS TABLE (jibble_id uuid, raw_event_id bigint, payload json, found_deleted boolean, last_fetched_at timestamptz)
LANGUAGE sql STABLE -- without a SET clause, so that the planner inlines it and no payload is copied
AS $$
  SELECT i.id, v.raw_event_id,
    -- Most objects have but one version.
    CASE WHEN EXISTS (SELECT FROM timesheet.raw_events AS r WHERE r.jibble_id = i.id
           AND r.resource = of_resource AND r.raw_event_id < v.raw_event_id)
         THEN timesheet.with_known_members(timesheet.readable(v.payload), of_resource, i.id, v.raw_event_id)
         ELSE timesheet.readable(v.payload) END,
    l.payload IS NULL OR CASE WHEN l.raw_event_id > v.raw_event_id
      THEN coalesce(timesheet.known_member(of_resource, i.id, 'status') #>> '{}' = 'Archived', false) ELSE false END,
    l.fetched_at
  FROM unnest(ids) AS i (id)
  CROSS JOIN LATERAL (
    SELECT r.raw_event_id, r.payload, r.fetched_at,
      r.payload IS NOT NULL AND NOT EXISTS (
        SELECT FROM timesheet.ingest_problems AS p WHERE p.raw_event_id = r.raw_event_id) AS is_understood
    FROM timesheet.raw_events AS r
    WHERE r.jibble_id = i.id AND r.resource = of_resource
    ORDER BY r.raw_event_id DESC LIMIT 1
  ) AS l
  -- Mostly the last one itself; only else is an older one looked for.
  CROSS JOIN LATERAL (
    SELECT l.raw_event_id, l.payload WHERE l.is_understood
    UNION ALL
    (SELECT r.raw_event_id, r.payload FROM timesheet.raw_events AS r
     WHERE NOT l.is_understood AND r.jibble_id = i.id AND r.resource = of_resource AND r.payload IS NOT NULL
       AND NOT EXISTS (SELECT FROM timesheet.ingest_problems AS p WHERE p.raw_event_id = r.raw_event_id)
     ORDER BY r.raw_event_id DESC LIMIT 1)
  ) AS v
$$;
COMMENT ON FUNCTION timesheet.current_versions(text, uuid[]) IS
  'For each Jibble id the last stored version that could be understood, completed by what it does not have but earlier '
  'ones had, and whether the object has been archived or found deleted since.';
CALL timesheet.set_grants('FUNCTION timesheet.current_versions(text, uuid[])');
