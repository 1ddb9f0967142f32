CREATE OR REPLACE FUNCTION timesheet.digest_reported(for_contact int, for_week date, cells jsonb, changed jsonb)
  RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT jsonb_build_object(
    'through_raw_event', (SELECT s.normalised_through FROM timesheet.ingest_state AS s),
    'groups', (
      SELECT jsonb_agg(DISTINCT jsonb_build_array(t.week, t.client_group_id, t.first_day)) FROM (
        SELECT s.week, s.client_group_id, s.first_day FROM timesheet.digest_schedule(for_week, for_week + 1) AS s
        WHERE s.contact_id = for_contact
        UNION ALL
        SELECT c.week, c.client_group_id, c.first_day
        FROM jsonb_to_recordset(changed) AS c (week date, client_group_id int, first_day date)
      ) AS t),
    'figures', (
      SELECT coalesce(jsonb_agg(jsonb_build_array(
        f.week, f.client_group_id, f.agent_id, f.workday, f.work_seconds, f.unconfirmed_seconds, f.hours)), '[]')
      FROM (
        SELECT for_week AS week, c.* FROM jsonb_to_recordset(cells) AS c (
          client_group_id int, agent_id int, workday date, work_seconds bigint, unconfirmed_seconds bigint,
          hours numeric)
        UNION ALL
        SELECT c.* FROM jsonb_to_recordset(changed) AS c (week date, client_group_id int, agent_id int, workday date,
          work_seconds bigint, unconfirmed_seconds bigint, hours numeric)
        WHERE c.work_seconds <> 0
      ) AS f))
$$;
COMMENT ON FUNCTION timesheet.digest_reported(int, date, jsonb, jsonb) IS
  'The numbers behind a digest for the outbox, from timesheet.digest_cells() and timesheet.digest_corrections() as '
  'JSON: the last raw event, each week of a client group, and each figure.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_reported(int, date, jsonb, jsonb)');
