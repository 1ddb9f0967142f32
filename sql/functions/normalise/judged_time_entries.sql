-- What is written, and the row that is there already, looked up together: what is equal is neither locked nor written,
-- and what is new needs no ON CONFLICT, which would cost as much again as the row.
CREATE OR REPLACE FUNCTION timesheet.judged_time_entries(ids uuid[])
RETURNS TABLE (jibble_id uuid, agent_id int, client_group_id int, activity_id int, at timestamptz, utc_offset interval,
  time_zone text, type text, client_type text, belongs_to date, workday date, workday_end timestamptz, is_odd boolean,
  unknown_time_zone text, is_manual boolean, created_at timestamptz, updated_at timestamptz, deleted_at timestamptz,
  is_new boolean, was_deleted_at timestamptz, is_changed boolean)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET enable_memoize = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    WITH parsed AS MATERIALIZED (
      SELECT * FROM timesheet.parsed_time_entries(ids)
    ), named AS MATERIALIZED (
      SELECT * FROM timesheet.named_keys(ARRAY(SELECT DISTINCT p.person_id FROM parsed AS p),
        ARRAY(SELECT DISTINCT p.activity_jibble_id FROM parsed AS p))
    ), history AS MATERIALIZED (
      SELECT t.*, lead(t.valid_from, 1, 'infinity') OVER (PARTITION BY t.agent_id ORDER BY t.valid_from) AS valid_until
      FROM timesheet.locked_history(ARRAY(SELECT n.agent_id FROM named AS n WHERE n.agent_id IS NOT NULL)) AS t
    ), assigned AS MATERIALIZED (
      SELECT p.*, a.agent_id, c.activity_id, t.client_group_id, z.time_zone, t.unknown_time_zone, w.workday,
        w.workday_end, w.is_odd
      FROM parsed AS p
      CROSS JOIN timesheet.settings AS s
      LEFT JOIN named AS a ON a.jibble_id = p.person_id AND a.agent_id IS NOT NULL
      LEFT JOIN named AS c ON c.jibble_id = p.activity_jibble_id AND c.activity_id IS NOT NULL
      LEFT JOIN history AS t ON t.agent_id = a.agent_id AND t.valid_from <= p.at AND p.at < t.valid_until
      -- An agent met here for the first time has no timeline yet; normalise() derives one and assigns workdays again.
      CROSS JOIN LATERAL (
        SELECT coalesce(t.time_zone, (SELECT timesheet.default_time_zone())), coalesce(t.day_cutoff, s.day_cutoff),
          coalesce(t.is_overridden, false)
      ) AS z (time_zone, day_cutoff, is_overridden)
      CROSS JOIN LATERAL timesheet.assign_workday(p.at, p.belongs_to, z.time_zone, z.day_cutoff, z.is_overridden) AS w
    )
    SELECT n.jibble_id, n.agent_id, n.client_group_id, n.activity_id, n.at, n.utc_offset, n.time_zone, n.type,
      n.client_type, n.belongs_to, n.workday, n.workday_end, n.is_odd, n.unknown_time_zone, n.is_manual, n.created_at,
      n.updated_at, n.deleted_at, e.jibble_activity_id IS NULL, e.deleted_at,
      (e.agent_id, e.client_group_id, e.activity_id, e.start_time_utc, e.utc_offset, e.time_zone, e.raw_type,
       e.client_type, e.belongs_to_date, e.workday, e.workday_end, e.is_odd_workday, e.unknown_time_zone,
       e.is_manual, e.jibble_created_at, e.jibble_updated_at, e.deleted_at)
      IS DISTINCT FROM
      (n.agent_id, n.client_group_id, n.activity_id, n.at, n.utc_offset, n.time_zone, n.type,
       n.client_type, n.belongs_to, n.workday, n.workday_end, n.is_odd, n.unknown_time_zone,
       n.is_manual, n.created_at, n.updated_at, n.deleted_at)
    FROM assigned AS n
    -- One query for each: a join may read the whole table.
    LEFT JOIN LATERAL (
      SELECT e.* FROM timesheet.time_entries AS e WHERE e.jibble_activity_id = n.jibble_id OFFSET 0
    ) AS e ON true;
END
$$;
COMMENT ON FUNCTION timesheet.judged_time_entries(uuid[]) IS
  'The time entries of these Jibble ids as their current versions give them, with whether they are stored yet, when '
  'what is stored was found deleted, and whether it differs. Adds the people and activities that they name and that '
  'Jibble has not listed yet; raises at the first that cannot be understood.';
CALL timesheet.set_grants('FUNCTION timesheet.judged_time_entries(uuid[])');
