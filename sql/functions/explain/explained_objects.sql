-- What a day is made of: its entries, deleted ones too, and those of other days that end its sessions.
CREATE OR REPLACE FUNCTION timesheet.explained_objects(on_workday date, for_agent int, ends timestamptz[])
RETURNS TABLE (jibble_id uuid, resource text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT e.jibble_activity_id, 'TimeEntries' FROM timesheet.time_entries AS e
  WHERE e.agent_id = for_agent AND e.workday = on_workday
    -- An entry lies at most two days before its workday and three after it: see sql_events().
    AND e.start_time_utc >=
      (least(greatest(on_workday, '4713-01-31 BC'), '294276-11-30') - 2)::timestamp AT TIME ZONE 'UTC'
    AND e.start_time_utc <
      (least(greatest(on_workday, '4713-01-31 BC'), '294276-11-30') + 4)::timestamp AT TIME ZONE 'UTC'
  UNION
  SELECT e.jibble_activity_id, 'TimeEntries' FROM timesheet.time_entries AS e
  WHERE e.agent_id = for_agent AND e.deleted_at IS NULL AND e.kind < 3 AND e.start_time_utc = ANY (ends)
  UNION
  SELECT h.jibble_id, 'HourEntries' FROM timesheet.hour_entries AS h
  WHERE h.agent_id = for_agent AND h.workday = on_workday
  UNION
  -- What was kept raw only.
  SELECT n.jibble_activity_id, k.resource
  FROM timesheet.rejected_entry_notes(on_workday, on_workday + 1, for_agent) AS n
  CROSS JOIN (VALUES ('TimeEntries'), ('HourEntries')) AS k (resource)
  WHERE num_nulls(on_workday, for_agent) = 0
$$;
COMMENT ON FUNCTION timesheet.explained_objects(date, int, timestamptz[]) IS
  'The objects of Jibble''s behind an agent''s workday, whose sessions have these ends, for timesheet.explain().';
CALL timesheet.set_grants('FUNCTION timesheet.explained_objects(date, int, timestamptz[])');
