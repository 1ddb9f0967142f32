CREATE OR REPLACE FUNCTION timesheet.normalise_time_entries(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  newly_deleted bigint;
BEGIN
  WITH parsed AS MATERIALIZED (
    SELECT * FROM timesheet.parsed_time_entries(ids)
  ), named AS MATERIALIZED (
    SELECT * FROM timesheet.named_keys(ARRAY(SELECT p.person_id FROM parsed AS p),
      ARRAY(SELECT p.activity_jibble_id FROM parsed AS p))
  ), assigned AS (
    SELECT p.*, a.agent_id, c.activity_id, t.client_group_id, z.time_zone, t.unknown_time_zone, w.workday,
      w.workday_end, w.is_odd
    FROM parsed AS p
    CROSS JOIN timesheet.settings AS s
    LEFT JOIN named AS a ON a.jibble_id = p.person_id AND a.agent_id IS NOT NULL
    LEFT JOIN named AS c ON c.jibble_id = p.activity_jibble_id AND c.activity_id IS NOT NULL
    LEFT JOIN LATERAL (
      SELECT t.* FROM timesheet.agent_history AS t
      WHERE t.agent_id = a.agent_id AND t.valid_from <= p.at ORDER BY t.valid_from DESC LIMIT 1
    ) AS t ON true
    -- An agent met here for the first time has no timeline yet; normalise() derives one and assigns workdays again.
    CROSS JOIN LATERAL (
      SELECT coalesce(t.time_zone, (SELECT timesheet.default_time_zone())), coalesce(t.day_cutoff, s.day_cutoff),
        coalesce(t.is_overridden, false)
    ) AS z (time_zone, day_cutoff, is_overridden)
    CROSS JOIN LATERAL timesheet.assign_workday(p.at, p.belongs_to, z.time_zone, z.day_cutoff, z.is_overridden) AS w
  ), written AS (
    INSERT INTO timesheet.time_entries AS e (
      jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc, utc_offset, time_zone, raw_type,
      client_type, belongs_to_date, workday, workday_end, is_odd_workday, unknown_time_zone, is_manual,
      jibble_created_at, jibble_updated_at, deleted_at)
    SELECT n.jibble_id, n.agent_id, n.client_group_id, n.activity_id, n.at, n.utc_offset, n.time_zone, n.type,
      n.client_type, n.belongs_to, n.workday, n.workday_end, n.is_odd, n.unknown_time_zone, n.is_manual,
      n.created_at, n.updated_at, n.deleted_at
    FROM assigned AS n
    ON CONFLICT (jibble_activity_id) DO UPDATE SET
      agent_id = excluded.agent_id, client_group_id = excluded.client_group_id, activity_id = excluded.activity_id,
      start_time_utc = excluded.start_time_utc, utc_offset = excluded.utc_offset, time_zone = excluded.time_zone,
      raw_type = excluded.raw_type, client_type = excluded.client_type, belongs_to_date = excluded.belongs_to_date,
      workday = excluded.workday, workday_end = excluded.workday_end, is_odd_workday = excluded.is_odd_workday,
      unknown_time_zone = excluded.unknown_time_zone, is_manual = excluded.is_manual,
      jibble_created_at = excluded.jibble_created_at, jibble_updated_at = excluded.jibble_updated_at,
      deleted_at = excluded.deleted_at
    WHERE (e.agent_id, e.client_group_id, e.activity_id, e.start_time_utc, e.utc_offset, e.time_zone, e.raw_type,
           e.client_type, e.belongs_to_date, e.workday, e.workday_end, e.is_odd_workday, e.unknown_time_zone,
           e.is_manual, e.jibble_created_at, e.jibble_updated_at, e.deleted_at)
      IS DISTINCT FROM
          (excluded.agent_id, excluded.client_group_id, excluded.activity_id, excluded.start_time_utc,
           excluded.utc_offset, excluded.time_zone, excluded.raw_type, excluded.client_type, excluded.belongs_to_date,
           excluded.workday, excluded.workday_end, excluded.is_odd_workday, excluded.unknown_time_zone,
           excluded.is_manual, excluded.jibble_created_at, excluded.jibble_updated_at, excluded.deleted_at)
  )
  -- One query for each: a join may read the whole table.
  SELECT count(*) INTO newly_deleted
  FROM parsed AS p
  WHERE p.deleted_at IS NOT NULL
    AND (SELECT e.deleted_at FROM timesheet.time_entries AS e WHERE e.jibble_activity_id = p.jibble_id) IS NULL;
  RETURN newly_deleted;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_time_entries(uuid[]) IS
  'Writes time entries of these Jibble ids from their current versions. Returns how many were newly found deleted; '
  'raises at the first that cannot be understood.';
CALL timesheet.set_grants('FUNCTION timesheet.normalise_time_entries(uuid[])');
