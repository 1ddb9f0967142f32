CREATE OR REPLACE FUNCTION timesheet.contact_portal_notes(for_contact int, since date, until date)
RETURNS TABLE (workday date, agent text, client_group text, code text, at timestamptz, detail text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  period record;
  own CONSTANT int[] := timesheet.client_groups_of_contact(for_contact);
BEGIN
  SELECT p.* INTO period FROM timesheet.portal_period(since, until) AS p;
  RETURN QUERY
    SELECT n.workday, coalesce(a.name, timesheet.name_without_address(n.agent)), c.name, n.code, n.at, n.detail
    FROM timesheet.notes AS n
    JOIN timesheet.client_groups_shown(own) AS c ON c.client_group_id = n.client_group_id
    LEFT JOIN timesheet.agents_shown(own) AS a ON a.agent_id = n.agent_id
    WHERE n.client_group_id = ANY (own) AND n.code = ANY (timesheet.client_note_codes())
      AND n.workday >= period.since AND n.workday < period.until
    UNION ALL
    SELECT d.workday, coalesce(a.name, timesheet.name_without_address(k.name)), c.name, 'corrected', NULL,
      format('%s h in the e-mail, %s h now', d.was_hours, d.hours)
    FROM timesheet.digest_corrections(for_contact, timesheet.week_start((now() + interval '14 hours')::date, 1) + 7, 60,
      only_sent => true) AS d
    JOIN timesheet.client_groups_shown(own) AS c ON c.client_group_id = d.client_group_id
    JOIN timesheet.agent_names AS k ON k.agent_id = d.agent_id
    LEFT JOIN timesheet.agents_shown(own) AS a ON a.agent_id = d.agent_id
    -- Rounding also moves a hundredth between other cells.
    WHERE sign(d.work_seconds - d.was_seconds) = sign(d.hours - d.was_hours) AND d.hours <> d.was_hours
      AND d.workday >= period.since AND d.workday < period.until;
END
$$;
COMMENT ON FUNCTION timesheet.contact_portal_notes(int, date, date) IS
  'The notes of a contact''s client groups in [since, until), null for unbounded, at most 400 days back, as the portal '
  'shows them: those of timesheet_client.notes; and corrected, without an instant, for each client group, agent and '
  'workday whose hours changed since a digest reported them: see timesheet.digest_corrections().';
CALL timesheet.set_grants('FUNCTION timesheet.contact_portal_notes(int, date, date)', 'EXECUTE TO timesheet_reader');
