CREATE OR REPLACE FUNCTION timesheet.normalise_time_entries(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  newly_deleted bigint;
BEGIN
  WITH judged AS MATERIALIZED (
    SELECT * FROM timesheet.judged_time_entries(ids)
  ), added AS (
    INSERT INTO timesheet.time_entries (
      jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc, utc_offset, time_zone, raw_type,
      client_type, belongs_to_date, workday, workday_end, is_odd_workday, unknown_time_zone, is_manual,
      jibble_created_at, jibble_updated_at, deleted_at)
    SELECT j.jibble_id, j.agent_id, j.client_group_id, j.activity_id, j.at, j.utc_offset, j.time_zone, j.type,
      j.client_type, j.belongs_to, j.workday, j.workday_end, j.is_odd, j.unknown_time_zone, j.is_manual,
      j.created_at, j.updated_at, j.deleted_at
    FROM judged AS j WHERE j.is_new
  ), updated AS ( -- by its key: a join may read the whole table
    INSERT INTO timesheet.time_entries AS e (
      jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc, utc_offset, time_zone, raw_type,
      client_type, belongs_to_date, workday, workday_end, is_odd_workday, unknown_time_zone, is_manual,
      jibble_created_at, jibble_updated_at, deleted_at)
    SELECT j.jibble_id, j.agent_id, j.client_group_id, j.activity_id, j.at, j.utc_offset, j.time_zone, j.type,
      j.client_type, j.belongs_to, j.workday, j.workday_end, j.is_odd, j.unknown_time_zone, j.is_manual,
      j.created_at, j.updated_at, j.deleted_at
    FROM judged AS j WHERE j.is_changed AND NOT j.is_new
    ON CONFLICT (jibble_activity_id) DO UPDATE SET
      agent_id = excluded.agent_id, client_group_id = excluded.client_group_id, activity_id = excluded.activity_id,
      start_time_utc = excluded.start_time_utc, utc_offset = excluded.utc_offset, time_zone = excluded.time_zone,
      raw_type = excluded.raw_type, client_type = excluded.client_type, belongs_to_date = excluded.belongs_to_date,
      workday = excluded.workday, workday_end = excluded.workday_end, is_odd_workday = excluded.is_odd_workday,
      unknown_time_zone = excluded.unknown_time_zone, is_manual = excluded.is_manual,
      jibble_created_at = excluded.jibble_created_at, jibble_updated_at = excluded.jibble_updated_at,
      deleted_at = excluded.deleted_at
  )
  SELECT count(*) INTO newly_deleted FROM judged AS j WHERE j.deleted_at IS NOT NULL AND j.was_deleted_at IS NULL;
  RETURN newly_deleted;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_time_entries(uuid[]) IS
  'Writes time entries of these Jibble ids from their current versions. Returns how many were newly found deleted; '
  'raises at the first that cannot be understood.';
CALL timesheet.set_grants('FUNCTION timesheet.normalise_time_entries(uuid[])');
