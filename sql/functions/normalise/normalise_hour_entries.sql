CREATE OR REPLACE FUNCTION timesheet.normalise_hour_entries(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
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
  -- One query for each: a join may read the whole table.
  SELECT count(*) INTO newly_deleted
  FROM parsed AS p
  WHERE p.deleted_at IS NOT NULL AND (SELECT old.deleted_at FROM timesheet.hour_entries AS old WHERE old.jibble_id = p.jibble_id) IS NULL;
  RETURN newly_deleted;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_hour_entries(uuid[]) IS 'Writes hour entries of these Jibble ids from their current versions. Returns how many were newly found deleted; raises at the first that cannot be understood.';
CALL timesheet.set_grants('FUNCTION timesheet.normalise_hour_entries(uuid[])');
