-- From raw versions to normalised rows: set by set, a pure function of raw_events, settings and corrections.

-- The version of each object that counts: the last one that could be understood. Whether the
-- object lives is said by its last version, understood or not.
CREATE FUNCTION timesheet.current_versions(of_resource text, ids uuid[])
RETURNS TABLE (jibble_id uuid, raw_event_id bigint, payload json, found_gone boolean, last_fetched_at timestamptz)
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
      r.payload IS NOT NULL AND NOT EXISTS (SELECT FROM timesheet.ingest_problems AS p WHERE p.raw_event_id = r.raw_event_id) AS is_understood
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
  'ones had, and whether the object has been archived or found gone since.';

-- Named by an entry or a person, or by a version that was rejected: nothing says more of it than whether it is there.
CREATE FUNCTION timesheet.never_described(of_resource text, ids uuid[])
  RETURNS TABLE (jibble_id uuid, found_gone boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT i.id, l.payload IS NULL FROM unnest(ids) AS i (id)
  CROSS JOIN LATERAL (
    SELECT r.payload FROM timesheet.raw_events AS r
    WHERE r.jibble_id = i.id AND r.resource = of_resource ORDER BY r.raw_event_id DESC LIMIT 1
  ) AS l
  WHERE NOT EXISTS (
    SELECT FROM timesheet.raw_events AS r
    WHERE r.jibble_id = i.id AND r.resource = of_resource AND r.payload IS NOT NULL
      AND NOT EXISTS (SELECT FROM timesheet.ingest_problems AS p WHERE p.raw_event_id = r.raw_event_id))
$$;
COMMENT ON FUNCTION timesheet.never_described(text, uuid[]) IS
  'Those of these Jibble ids of which no version was understood, and whether the last that is known of each is that it '
  'was found gone.';

CREATE FUNCTION timesheet.normalise_groups(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
BEGIN
  INSERT INTO timesheet.client_groups AS g (jibble_id, name, code, status)
  SELECT v.jibble_id, x.name, x.code, CASE WHEN v.found_gone THEN 'Archived' ELSE x.status END
  FROM timesheet.current_versions('Groups', ids) AS v
  CROSS JOIN LATERAL json_to_record(v.payload) AS x (name text, code text, status text)
  ORDER BY v.raw_event_id
  ON CONFLICT (jibble_id) DO UPDATE SET name = excluded.name, code = excluded.code, status = excluded.status
  WHERE (g.name, g.code, g.status) IS DISTINCT FROM (excluded.name, excluded.code, excluded.status);
  INSERT INTO timesheet.client_groups AS g (jibble_id, status)
  SELECT n.jibble_id, 'Archived' FROM timesheet.never_described('Groups', ids) AS n WHERE n.found_gone
  ON CONFLICT (jibble_id) DO UPDATE SET status = excluded.status WHERE g.status IS DISTINCT FROM excluded.status;
  UPDATE timesheet.client_groups AS g SET status = NULL FROM timesheet.never_described('Groups', ids) AS n
  WHERE g.jibble_id = n.jibble_id AND NOT n.found_gone AND g.status IS NOT NULL;
  RETURN 0;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_groups(uuid[]) IS 'Writes client groups of these Jibble ids from their current versions. Returns how many were newly found deleted; raises at the first that cannot be understood.';

CREATE FUNCTION timesheet.normalise_activities(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
BEGIN
  INSERT INTO timesheet.activities AS a (jibble_id, name, code, status)
  SELECT v.jibble_id, x.name, x.code, CASE WHEN v.found_gone THEN 'Archived' ELSE x.status END
  FROM timesheet.current_versions('Activities', ids) AS v
  CROSS JOIN LATERAL json_to_record(v.payload) AS x (name text, code text, status text)
  ORDER BY v.raw_event_id
  ON CONFLICT (jibble_id) DO UPDATE SET name = excluded.name, code = excluded.code, status = excluded.status
  WHERE (a.name, a.code, a.status) IS DISTINCT FROM (excluded.name, excluded.code, excluded.status);
  INSERT INTO timesheet.activities AS a (jibble_id, status)
  SELECT n.jibble_id, 'Archived' FROM timesheet.never_described('Activities', ids) AS n WHERE n.found_gone
  ON CONFLICT (jibble_id) DO UPDATE SET status = excluded.status WHERE a.status IS DISTINCT FROM excluded.status;
  UPDATE timesheet.activities AS a SET status = NULL FROM timesheet.never_described('Activities', ids) AS n
  WHERE a.jibble_id = n.jibble_id AND NOT n.found_gone AND a.status IS NOT NULL;
  RETURN 0;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_activities(uuid[]) IS 'Writes activities of these Jibble ids from their current versions. Returns how many were newly found deleted; raises at the first that cannot be understood.';

-- What each version of a person or of the organisation said, and from when it holds (contract §4).
CREATE FUNCTION timesheet.record_attributes(of_resource text, ids uuid[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
BEGIN
  -- A version that cannot be read is set aside by itself, so that a bad old one spoils no good new one.
  INSERT INTO timesheet.ingest_problems (raw_event_id, problem)
  SELECT r.raw_event_id, 'groupId "' || x."groupId" || '" is not in GUID form'
  FROM timesheet.raw_events AS r
  CROSS JOIN LATERAL json_to_record(CASE WHEN json_typeof(r.payload) = 'object' THEN timesheet.readable(r.payload) END) AS x ("groupId" text)
  WHERE r.resource = of_resource AND r.jibble_id = ANY (ids) AND x."groupId" !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  ON CONFLICT (raw_event_id) DO NOTHING;

  -- Zones as they came: whether the server knows them is asked where they are used, in timesheet.effective_at().
  INSERT INTO timesheet.attribute_history (raw_event_id, resource, jibble_id, valid_from, fetched_at, group_jibble_id, sheet_zone, culture_zone,
    knows_group, names_sheet_zone, names_culture_zone)
  SELECT r.raw_event_id, r.resource, r.jibble_id,
    CASE
      WHEN r.fetched_before IS NULL THEN '-infinity'
      WHEN u.updated_at > r.fetched_before AND u.updated_at <= r.fetched_at THEN u.updated_at
      ELSE r.fetched_at
    END,
    r.fetched_at, timesheet.id_or_null(x."groupId"), z.sheet, z.culture,
    c.payload -> 'groupId' IS NOT NULL,
    own.payload -> 'timeSheetTimeZone' IS NOT NULL OR own.payload -> 'ICalculationSettings/TimeSheetTimeZone' IS NOT NULL,
    own.payload -> 'timeZone' IS NOT NULL OR own.payload -> 'ICultureSettings/TimeZone' IS NOT NULL
  FROM (
    SELECT r.*, lag(r.fetched_at) OVER (PARTITION BY r.jibble_id ORDER BY r.raw_event_id) AS fetched_before
    FROM timesheet.raw_events AS r
    WHERE r.resource = of_resource AND r.jibble_id = ANY (ids) AND json_typeof(r.payload) = 'object'
      AND NOT EXISTS (SELECT FROM timesheet.ingest_problems AS p WHERE p.raw_event_id = r.raw_event_id)
  ) AS r
  CROSS JOIN LATERAL (SELECT timesheet.readable(r.payload)) AS own (payload)
  CROSS JOIN LATERAL (SELECT timesheet.with_known_members(own.payload, r.resource, r.jibble_id, r.raw_event_id)) AS c (payload)
  CROSS JOIN LATERAL json_to_record(c.payload) AS x (
    "groupId" uuid, "updatedAt" text, "timeSheetTimeZone" text, "timeZone" text,
    "ICalculationSettings/TimeSheetTimeZone" text, "ICultureSettings/TimeZone" text)
  CROSS JOIN LATERAL (SELECT timesheet.instant_or_null(x."updatedAt")) AS u (updated_at)
  CROSS JOIN LATERAL (SELECT
    coalesce(nullif(btrim(x."timeSheetTimeZone"), ''), nullif(btrim(x."ICalculationSettings/TimeSheetTimeZone"), '')),
    coalesce(nullif(btrim(x."timeZone"), ''), nullif(btrim(x."ICultureSettings/TimeZone"), ''))) AS z (sheet, culture)
  WHERE NOT EXISTS (SELECT FROM timesheet.attribute_history AS o WHERE o.raw_event_id = r.raw_event_id)
  ORDER BY r.raw_event_id;
END
$$;
COMMENT ON FUNCTION timesheet.record_attributes(text, uuid[]) IS 'Fills timesheet.attribute_history from the stored versions of these objects.';

CREATE FUNCTION timesheet.normalise_organizations(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
BEGIN
  PERFORM timesheet.record_attributes('Organizations', ids);
  RETURN 0;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_organizations(uuid[]) IS 'Writes what the organisation said of zones of these Jibble ids from their current versions. Returns how many were newly found deleted; raises at the first that cannot be understood.';

CREATE FUNCTION timesheet.normalise_people(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
BEGIN
  PERFORM timesheet.record_attributes('People', ids);
  INSERT INTO timesheet.agents AS a (jibble_id, full_name, email, code, status)
  SELECT v.jibble_id,
    coalesce(x."fullName", timesheet.known_member('TimeTrackingPeople', v.jibble_id, 'fullName') #>> '{}'),
    x.email, x.code, CASE WHEN v.found_gone THEN 'Removed' ELSE x.status END
  FROM timesheet.current_versions('People', ids) AS v
  CROSS JOIN LATERAL json_to_record(v.payload) AS x ("fullName" text, email text, code text, status text)
  ORDER BY v.raw_event_id
  ON CONFLICT (jibble_id) DO UPDATE SET
    full_name = excluded.full_name, email = excluded.email, code = excluded.code, status = excluded.status
  WHERE (a.full_name, a.email, a.code, a.status)
        IS DISTINCT FROM (excluded.full_name, excluded.email, excluded.code, excluded.status);
  INSERT INTO timesheet.agents AS a (jibble_id, status)
  SELECT n.jibble_id, 'Removed' FROM timesheet.never_described('People', ids) AS n WHERE n.found_gone
  ON CONFLICT (jibble_id) DO UPDATE SET status = excluded.status WHERE a.status IS DISTINCT FROM excluded.status;
  UPDATE timesheet.agents AS a SET status = NULL FROM timesheet.never_described('People', ids) AS n
  WHERE a.jibble_id = n.jibble_id AND NOT n.found_gone AND a.status IS NOT NULL;

  -- A group that Jibble no longer lists still was somebody's group.
  INSERT INTO timesheet.client_groups (jibble_id)
  SELECT DISTINCT o.group_jibble_id FROM timesheet.attribute_history AS o
  WHERE o.jibble_id = ANY (ids) AND o.group_jibble_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM timesheet.client_groups AS g WHERE g.jibble_id = o.group_jibble_id);
  RETURN 0;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_people(uuid[]) IS 'Writes agents, and what the workspace said of them of these Jibble ids from their current versions. Returns how many were newly found deleted; raises at the first that cannot be understood.';

-- The time-tracking host's view of a person: zones, and a name where the workspace shows none.
CREATE FUNCTION timesheet.normalise_tracking_people(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
BEGIN
  PERFORM timesheet.record_attributes('TimeTrackingPeople', ids);
  INSERT INTO timesheet.agents (jibble_id, full_name)
  SELECT v.jibble_id, x."fullName"
  FROM timesheet.current_versions('TimeTrackingPeople', ids) AS v
  CROSS JOIN LATERAL json_to_record(v.payload) AS x ("fullName" text)
  ORDER BY v.raw_event_id
  ON CONFLICT (jibble_id) DO UPDATE SET full_name = excluded.full_name
  WHERE agents.full_name IS DISTINCT FROM excluded.full_name AND excluded.full_name IS NOT NULL
    AND (timesheet.known_member('People', agents.jibble_id, 'fullName') #>> '{}') IS NULL;
  RETURN 0;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_tracking_people(uuid[]) IS 'Writes agents, and what time tracking said of them of these Jibble ids from their current versions. Returns how many were newly found deleted; raises at the first that cannot be understood.';

CREATE FUNCTION timesheet.normalise_time_entries(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres'
AS $$
DECLARE
  newly_deleted bigint;
BEGIN
  WITH parsed AS MATERIALIZED (
    SELECT v.jibble_id, timesheet.id_or_null(x."personId") AS person_id,
      timesheet.id_or_null(nullif(x."activityId", '')::uuid) AS activity_jibble_id, x.type, x."clientType" AS client_type,
      -- Words such as "now" or "infinity" are instants to PostgreSQL but not to Jibble.
      CASE WHEN x.time !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$' THEN ('not ISO: ' || x.time)::timestamptz
           WHEN left(x.time, 4)::int NOT BETWEEN 1900 AND 2999 THEN timesheet.reject(format('the time "%s" is not from 1900 to 2999', left(x.time, 80)))::timestamptz
           ELSE timesheet.cut_to_microseconds(x.time)::timestamptz END AS at,
      CASE WHEN o.utc_offset BETWEEN '-18:00' AND '18:00' THEN o.utc_offset END AS utc_offset,
      CASE WHEN x."belongsToDate" !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?$' THEN ('not ISO: ' || x."belongsToDate")::date
           ELSE left(x."belongsToDate", 10)::date END AS belongs_to,
      -- These are worth knowing, but not worth refusing an entry for.
      CASE WHEN x."isManual" IN ('true', 'false') THEN x."isManual"::boolean END AS is_manual,
      timesheet.instant_or_null(x."createdAt") AS created_at, timesheet.instant_or_null(x."updatedAt") AS updated_at,
      CASE WHEN v.found_gone OR x.status = 'Archived' THEN v.last_fetched_at END AS deleted_at
    FROM timesheet.current_versions('TimeEntries', ids) AS v
    CROSS JOIN LATERAL json_to_record(v.payload) AS x (
      "personId" uuid, "activityId" text, type text, "clientType" text, "time" text, "offset" text, "belongsToDate" text,
      "isManual" text, "createdAt" text, "updatedAt" text, status text)
    CROSS JOIN LATERAL (SELECT CASE
      WHEN x."offset" ~ '^-PT([0-9]{1,2}H)?([0-9]{1,2}M)?([0-9]{1,2}S)?$' AND x."offset" ~ '[0-9]' THEN -(substr(x."offset", 2)::interval)
      WHEN x."offset" ~ '^PT(-?[0-9]{1,2}H)?(-?[0-9]{1,2}M)?(-?[0-9]{1,2}S)?$' AND x."offset" ~ '[0-9]' THEN x."offset"::interval END) AS o (utc_offset)
  ), new_agents AS (
    INSERT INTO timesheet.agents (jibble_id)
    SELECT DISTINCT p.person_id FROM parsed AS p
    WHERE p.person_id IS NOT NULL AND NOT EXISTS (SELECT FROM timesheet.agents AS a WHERE a.jibble_id = p.person_id)
    RETURNING agent_id, jibble_id
  ), new_activities AS (
    INSERT INTO timesheet.activities (jibble_id)
    SELECT DISTINCT p.activity_jibble_id FROM parsed AS p
    WHERE p.activity_jibble_id IS NOT NULL AND NOT EXISTS (SELECT FROM timesheet.activities AS a WHERE a.jibble_id = p.activity_jibble_id)
    RETURNING activity_id, jibble_id
  ), known_agents AS (
    SELECT a.agent_id, a.jibble_id FROM timesheet.agents AS a UNION ALL SELECT * FROM new_agents
  ), known_activities AS (
    SELECT a.activity_id, a.jibble_id FROM timesheet.activities AS a UNION ALL SELECT * FROM new_activities
  ), placed AS (
    SELECT p.*, a.agent_id, c.activity_id, t.client_group_id, z.time_zone, t.unknown_time_zone, w.workday,
      w.workday_end, w.is_odd
    FROM parsed AS p
    CROSS JOIN timesheet.settings AS s
    LEFT JOIN known_agents AS a ON a.jibble_id = p.person_id
    LEFT JOIN known_activities AS c ON c.jibble_id = p.activity_jibble_id
    LEFT JOIN LATERAL (
      SELECT t.* FROM timesheet.agent_history AS t
      WHERE t.agent_id = a.agent_id AND t.valid_from <= p.at ORDER BY t.valid_from DESC LIMIT 1
    ) AS t ON true
    -- An agent met here for the first time has no timeline yet; normalise() gives one and places anew.
    CROSS JOIN LATERAL (SELECT coalesce(t.time_zone, (SELECT timesheet.default_time_zone())),
      coalesce(t.day_cutoff, s.day_cutoff),
                               coalesce(t.is_overridden, false)) AS z (time_zone, day_cutoff, is_overridden)
    CROSS JOIN LATERAL timesheet.assign_workday(p.at, p.belongs_to, z.time_zone, z.day_cutoff, z.is_overridden) AS w
  ), written AS (
    INSERT INTO timesheet.time_entries AS e (
      jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc, utc_offset, time_zone, raw_type, client_type,
      belongs_to_date, workday, workday_end, is_odd_workday, unknown_time_zone, is_manual, jibble_created_at,
        jibble_updated_at, deleted_at)
    SELECT p.jibble_id, p.agent_id, p.client_group_id, p.activity_id, p.at, p.utc_offset, p.time_zone, p.type, p.client_type,
      p.belongs_to, p.workday, p.workday_end, p.is_odd, p.unknown_time_zone, p.is_manual, p.created_at, p.updated_at,
        p.deleted_at
    FROM placed AS p
    ON CONFLICT (jibble_activity_id) DO UPDATE SET
      agent_id = excluded.agent_id, client_group_id = excluded.client_group_id, activity_id = excluded.activity_id,
      start_time_utc = excluded.start_time_utc, utc_offset = excluded.utc_offset, time_zone = excluded.time_zone,
      raw_type = excluded.raw_type, client_type = excluded.client_type, belongs_to_date = excluded.belongs_to_date,
      workday = excluded.workday, workday_end = excluded.workday_end, is_odd_workday = excluded.is_odd_workday,
        unknown_time_zone = excluded.unknown_time_zone,
      is_manual = excluded.is_manual, jibble_created_at = excluded.jibble_created_at,
      jibble_updated_at = excluded.jibble_updated_at, deleted_at = excluded.deleted_at
    WHERE (e.agent_id, e.client_group_id, e.activity_id, e.start_time_utc, e.utc_offset, e.time_zone, e.raw_type, e.client_type,
           e.belongs_to_date, e.workday, e.workday_end, e.is_odd_workday, e.unknown_time_zone, e.is_manual,
             e.jibble_created_at, e.jibble_updated_at, e.deleted_at)
      IS DISTINCT FROM
          (excluded.agent_id, excluded.client_group_id, excluded.activity_id, excluded.start_time_utc, excluded.utc_offset,
           excluded.time_zone, excluded.raw_type, excluded.client_type, excluded.belongs_to_date, excluded.workday,
           excluded.workday_end, excluded.is_odd_workday, excluded.unknown_time_zone, excluded.is_manual,
             excluded.jibble_created_at,
           excluded.jibble_updated_at, excluded.deleted_at)
  )
  -- Asked for each by itself: a join may read the whole table.
  SELECT count(*) INTO newly_deleted
  FROM parsed AS p
  WHERE p.deleted_at IS NOT NULL AND (SELECT old.deleted_at FROM timesheet.time_entries AS old WHERE old.jibble_activity_id = p.jibble_id) IS NULL;
  RETURN newly_deleted;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_time_entries(uuid[]) IS 'Writes time entries of these Jibble ids from their current versions. Returns how many were newly found deleted; raises at the first that cannot be understood.';

CREATE FUNCTION timesheet.normalise_hour_entries(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres'
AS $$
DECLARE
  newly_deleted bigint;
BEGIN
  WITH parsed AS MATERIALIZED (
    SELECT v.jibble_id, timesheet.id_or_null(x."personId") AS person_id,
      timesheet.id_or_null(nullif(x."activityId", '')::uuid) AS activity_jibble_id,
      CASE WHEN x.date !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?$' THEN ('not ISO: ' || x.date)::date
           WHEN left(x.date, 4)::int NOT BETWEEN 1900 AND 2999 THEN timesheet.reject(format('the date "%s" is not from 1900 to 2999', left(x.date, 80)))::date
           ELSE left(x.date, 10)::date END AS workday,
      CASE WHEN l.seconds NOT BETWEEN 0 AND 31622400
           THEN timesheet.reject(format('the duration "%s" is not from 0 to 8784 hours, a year and a day', left(x.duration, 80)))::bigint
           ELSE l.seconds::bigint END AS seconds,
      CASE WHEN v.found_gone OR x.status = 'Archived' THEN v.last_fetched_at END AS deleted_at
    FROM timesheet.current_versions('HourEntries', ids) AS v
    CROSS JOIN LATERAL json_to_record(v.payload) AS x (
      "personId" uuid, "activityId" text, "date" text, duration text, status text)
    CROSS JOIN LATERAL (SELECT trunc(CASE
      WHEN NOT timesheet.is_duration(x.duration)
      THEN timesheet.reject(format('the duration "%s" is not one in weeks, days, hours, minutes and seconds',
        left(x.duration, 80)))::numeric
      ELSE timesheet.duration_seconds(x.duration) END)) AS l (seconds)
  ), new_agents AS (
    INSERT INTO timesheet.agents (jibble_id)
    SELECT DISTINCT p.person_id FROM parsed AS p
    WHERE p.person_id IS NOT NULL AND NOT EXISTS (SELECT FROM timesheet.agents AS a WHERE a.jibble_id = p.person_id)
    RETURNING agent_id, jibble_id
  ), new_activities AS (
    INSERT INTO timesheet.activities (jibble_id)
    SELECT DISTINCT p.activity_jibble_id FROM parsed AS p
    WHERE p.activity_jibble_id IS NOT NULL AND NOT EXISTS (SELECT FROM timesheet.activities AS a WHERE a.jibble_id = p.activity_jibble_id)
    RETURNING activity_id, jibble_id
  ), known_agents AS (
    SELECT a.agent_id, a.jibble_id FROM timesheet.agents AS a UNION ALL SELECT * FROM new_agents
  ), known_activities AS (
    SELECT a.activity_id, a.jibble_id FROM timesheet.activities AS a UNION ALL SELECT * FROM new_activities
  ), written AS (
    INSERT INTO timesheet.hour_entries AS e (jibble_id, agent_id, client_group_id, activity_id, workday, seconds, deleted_at)
    SELECT p.jibble_id, a.agent_id, timesheet.client_group_at_noon(a.agent_id, p.workday), c.activity_id, p.workday, p.seconds, p.deleted_at
    FROM parsed AS p
    LEFT JOIN known_agents AS a ON a.jibble_id = p.person_id
    LEFT JOIN known_activities AS c ON c.jibble_id = p.activity_jibble_id
    ON CONFLICT (jibble_id) DO UPDATE SET
      agent_id = excluded.agent_id, client_group_id = excluded.client_group_id, activity_id = excluded.activity_id,
      workday = excluded.workday, seconds = excluded.seconds, deleted_at = excluded.deleted_at
    WHERE (e.agent_id, e.client_group_id, e.activity_id, e.workday, e.seconds, e.deleted_at) IS DISTINCT FROM
          (excluded.agent_id, excluded.client_group_id, excluded.activity_id, excluded.workday, excluded.seconds, excluded.deleted_at)
  )
  -- Asked for each by itself: a join may read the whole table.
  SELECT count(*) INTO newly_deleted
  FROM parsed AS p
  WHERE p.deleted_at IS NOT NULL AND (SELECT old.deleted_at FROM timesheet.hour_entries AS old WHERE old.jibble_id = p.jibble_id) IS NULL;
  RETURN newly_deleted;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_hour_entries(uuid[]) IS 'Writes hour entries of these Jibble ids from their current versions. Returns how many were newly found deleted; raises at the first that cannot be understood.';

-- Objects of one resource. One that cannot be understood is found by halving, set down as a problem
-- and replaced by its last understood version; it stops no other.
CREATE FUNCTION timesheet.normalise_objects(of_resource text, ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  half int := cardinality(ids) / 2;
  bad bigint;
BEGIN
  BEGIN
    RETURN CASE of_resource
      WHEN 'Groups' THEN timesheet.normalise_groups(ids)
      WHEN 'Activities' THEN timesheet.normalise_activities(ids)
      WHEN 'Organizations' THEN timesheet.normalise_organizations(ids)
      WHEN 'People' THEN timesheet.normalise_people(ids)
      WHEN 'TimeTrackingPeople' THEN timesheet.normalise_tracking_people(ids)
      WHEN 'TimeEntries' THEN timesheet.normalise_time_entries(ids)
      WHEN 'HourEntries' THEN timesheet.normalise_hour_entries(ids)
      ELSE 0
    END;
  EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
    IF half = 0 THEN
      SELECT v.raw_event_id INTO bad FROM timesheet.current_versions(of_resource, ids) AS v;
      IF bad IS NULL THEN
        RETURN 0;
      END IF;
      INSERT INTO timesheet.ingest_problems (raw_event_id, problem)
      VALUES (bad, CASE
        WHEN SQLSTATE = '23502' THEN 'a person, a time or date, or a duration is missing or has an unknown form'
        WHEN SQLERRM LIKE '%populate_composite%' THEN 'it is no JSON object, or one nested too deeply for the server'
        ELSE SQLERRM END);
    END IF;
  END;
  IF half = 0 THEN
    RETURN timesheet.normalise_objects(of_resource, ids);
  END IF;
  RETURN timesheet.normalise_objects(of_resource, ids[:half]) + timesheet.normalise_objects(of_resource, ids[half + 1:]);
END
$$;
COMMENT ON FUNCTION timesheet.normalise_objects(text, uuid[]) IS 'Writes the normalised rows of these objects; returns how many entries were newly found archived or gone.';

CREATE FUNCTION timesheet.normalise(after_raw_event bigint, through_raw_event bigint, OUT deleted bigint, OUT rejected_entry bigint)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  of_resource text;
  batch uuid[];
  moved int[];
BEGIN
  deleted := 0;
  INSERT INTO timesheet.ingest_problems (raw_event_id, problem)
  SELECT r.raw_event_id, CASE WHEN timesheet.member(timesheet.readable(r.payload), 'id') ~ '^[0-]+$'
    AND timesheet.member(timesheet.readable(r.payload), 'id') ~ '0'
    THEN 'the object''s id is one of zeros, which is no id' ELSE 'the object has no id in GUID form' END
  FROM timesheet.raw_events AS r
  WHERE r.raw_event_id > after_raw_event AND r.raw_event_id <= through_raw_event
    AND timesheet.id_or_null(r.jibble_id) IS NULL
  ON CONFLICT (raw_event_id) DO NOTHING;

  -- Dimensions before entries; timelines between them, so that entries are placed right at once.
  FOREACH of_resource IN ARRAY ARRAY['Groups', 'Activities', 'Organizations', 'People', 'TimeTrackingPeople', 'TimeEntries', 'HourEntries'] LOOP
    IF of_resource = 'TimeEntries' THEN
      WITH told_of AS MATERIALIZED (
        SELECT DISTINCT r.resource, r.jibble_id FROM timesheet.raw_events AS r
        WHERE r.raw_event_id > after_raw_event AND r.raw_event_id <= through_raw_event
          AND r.resource IN ('Organizations', 'People', 'TimeTrackingPeople')
      )
      SELECT array_agg(a.agent_id) INTO moved FROM timesheet.agents AS a
      WHERE NOT EXISTS (SELECT FROM timesheet.agent_history AS t WHERE t.agent_id = a.agent_id)
         OR EXISTS (SELECT FROM told_of AS o WHERE o.resource = 'Organizations')
         OR a.jibble_id IN (SELECT o.jibble_id FROM told_of AS o)
         OR a.agent_id = ANY ((SELECT timesheet.agents_of_changed_zones())::int[]);
      PERFORM timesheet.rebuild_agent_history(moved), timesheet.reassign_workdays(moved) WHERE moved IS NOT NULL;
    END IF;
    FOR batch IN
      SELECT array_agg(DISTINCT n.jibble_id)
      FROM (
        SELECT r.jibble_id, row_number() OVER (ORDER BY r.raw_event_id) / 250 AS number
        FROM (SELECT r.jibble_id, min(r.raw_event_id) AS raw_event_id FROM timesheet.raw_events AS r
              WHERE r.raw_event_id > after_raw_event AND r.raw_event_id <= through_raw_event
                AND r.resource = of_resource AND timesheet.id_or_null(r.jibble_id) IS NOT NULL
              GROUP BY r.jibble_id) AS r
      ) AS n
      GROUP BY n.number ORDER BY n.number
    LOOP
      deleted := deleted + timesheet.normalise_objects(of_resource, batch);
    END LOOP;
  END LOOP;

  -- Agents that only an entry has named so far.
  SELECT array_agg(a.agent_id) INTO moved FROM timesheet.agents AS a
  WHERE NOT EXISTS (SELECT FROM timesheet.agent_history AS t WHERE t.agent_id = a.agent_id);
  PERFORM timesheet.rebuild_agent_history(moved), timesheet.reassign_workdays(moved) WHERE moved IS NOT NULL;
  PERFORM timesheet.show_current(array_agg(a.agent_id)) FROM timesheet.agents AS a;

  SELECT count(*) INTO rejected_entry FROM timesheet.ingest_problems AS p
  WHERE p.raw_event_id > after_raw_event AND p.raw_event_id <= through_raw_event;
END
$$;
COMMENT ON FUNCTION timesheet.normalise(bigint, bigint) IS
  'Brings the normalised tables up to date with the raw events in (after, through]; returns entries newly archived or gone, and versions not understood.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (7, '0007_normalise');
