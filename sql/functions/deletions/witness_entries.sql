-- Only such as Jibble dated: they can be asked for in each form.
CREATE OR REPLACE FUNCTION timesheet.witness_entries(resource text, since date, until date, of_person uuid DEFAULT NULL,
  most int DEFAULT 3) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
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
  'Live entries outside [since, until], both included, the nearest first, of a person (Jibble''s id) or of any person: '
  'what a question must find before what it does not find is taken as deleted. None that is held back.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.witness_entries(text, date, date, uuid, int)',
  'EXECUTE TO timesheet_ingest');
