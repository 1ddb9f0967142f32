-- A removed person may have worked before, and Jibble may have hours of a person that we have none of. A person that
-- Jibble has deleted permanently is not asked about, unless we have something.
CREATE OR REPLACE FUNCTION timesheet.audited_people(since date, until date) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT a.jibble_id
  FROM timesheet.agents AS a
  CROSS JOIN LATERAL (
    -- Live ones and deleted ones apart: each has an index of its own.
    SELECT EXISTS (SELECT FROM timesheet.time_entries AS e
                   WHERE e.agent_id = a.agent_id AND e.start_time_utc >= (since - 2)::timestamp AT TIME ZONE 'UTC'
                     AND e.start_time_utc < (until + 3)::timestamp AT TIME ZONE 'UTC' AND e.deleted_at IS NULL)
      OR EXISTS (SELECT FROM timesheet.hour_entries AS h
                 WHERE h.agent_id = a.agent_id AND h.workday BETWEEN since AND until AND h.deleted_at IS NULL)
      OR EXISTS (SELECT FROM timesheet.time_entries AS e
                 WHERE e.agent_id = a.agent_id AND e.start_time_utc >= (since - 2)::timestamp AT TIME ZONE 'UTC'
                   AND e.start_time_utc < (until + 3)::timestamp AT TIME ZONE 'UTC' AND e.deleted_at IS NOT NULL)
      OR EXISTS (SELECT FROM timesheet.hour_entries AS h
                 WHERE h.agent_id = a.agent_id AND h.workday BETWEEN since AND until AND h.deleted_at IS NOT NULL)
      OR EXISTS (SELECT FROM timesheet.audit_findings AS f
                 WHERE f.agent_id = a.agent_id AND f.day BETWEEN since AND until)
      AS has_any
    OFFSET 0
  ) AS known
  WHERE known.has_any OR NOT timesheet.is_tombstoned('People', a.jibble_id)
  -- Removed people come in requests of their own: Jibble may refuse them, but not the others with them.
  ORDER BY NOT known.has_any AND a.status IS NOT DISTINCT FROM 'Removed', a.agent_id
$$;
COMMENT ON FUNCTION timesheet.audited_people(date, date) IS
  'Jibble''s ids of the people who have or may have entries or findings about [since, until], both included: all but '
  'those that Jibble has deleted permanently. Removed people of whom nothing is known come last.';
CALL timesheet.set_grants('FUNCTION timesheet.audited_people(date, date)', 'EXECUTE TO timesheet_ingest');
