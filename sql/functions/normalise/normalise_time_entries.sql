CREATE OR REPLACE FUNCTION timesheet.normalise_time_entries(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
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
    -- An agent that is new here has no history yet; normalise() derives one and assigns workdays again.
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
  -- One query for each: a join may read the whole table.
  SELECT count(*) INTO newly_deleted
  FROM parsed AS p
  WHERE p.deleted_at IS NOT NULL AND (SELECT old.deleted_at FROM timesheet.time_entries AS old WHERE old.jibble_activity_id = p.jibble_id) IS NULL;
  RETURN newly_deleted;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_time_entries(uuid[]) IS 'Writes time entries of these Jibble ids from their current versions. Returns how many were newly found deleted; raises at the first that cannot be understood.';
CALL timesheet.set_grants('FUNCTION timesheet.normalise_time_entries(uuid[])');
