-- Which agents' days the stored rollups do not know yet. A mark for each is set by triggers, so that
-- no change of an entry, by hand or otherwise, can miss it.
--
-- An entry ends the session of the one before it, and an out closes the entry before it; both
-- may lie on another workday:
--
--   before ──session──▶ entry ──session──▶ after        a change of entry marks the days of all three
--
-- Of several entries of an agent's day, all that lies between the first and the last of them counts as adjacent.
--
-- Two races would leave a wrong number permanently. (1) A writer that looks for the neighbours before
-- another writer commits one: so each locks the agents first, in a statement of its own (see lock_agents()).
-- (2) A refresh that deletes the mark of a change it has not seen: so it reads the marks first,
-- computes after, and deletes only those; and a mark is never left out because another one exists.
--
-- Neighbours are looked for in session order, for each day of a change. Where the statistics say that the table is
-- empty, as they do once a large change was rolled back, any index and a sort would look as cheap: so nothing is
-- sorted.
CREATE OR REPLACE FUNCTION timesheet.mark_time_entries() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET enable_sort = off SET enable_incremental_sort = off
  SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  -- A statement of its own: those below see what was committed until then.
  IF TG_OP = 'INSERT' THEN
    PERFORM timesheet.lock_agents(ARRAY(SELECT DISTINCT n.agent_id FROM new_rows AS n));
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM timesheet.lock_agents(ARRAY(SELECT DISTINCT o.agent_id FROM old_rows AS o));
  ELSE
    PERFORM timesheet.lock_agents(
      ARRAY(SELECT o.agent_id FROM old_rows AS o UNION SELECT n.agent_id FROM new_rows AS n));
  END IF;

  IF TG_OP = 'INSERT' THEN
    INSERT INTO timesheet.stale_days (agent_id, workday)
    SELECT DISTINCT c.agent_id, d.day
    FROM (SELECT n.agent_id, n.workday, min(n.start_time_utc) AS first_at, max(n.start_time_utc) AS last_at
          FROM new_rows AS n WHERE n.deleted_at IS NULL GROUP BY n.agent_id, n.workday) AS c
    CROSS JOIN LATERAL timesheet.adjacent_workdays(c.agent_id, c.first_at, c.last_at, c.workday) AS d (day)
    ON CONFLICT DO NOTHING;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO timesheet.stale_days (agent_id, workday)
    SELECT DISTINCT c.agent_id, d.day
    FROM (SELECT o.agent_id, o.workday, min(o.start_time_utc) AS first_at, max(o.start_time_utc) AS last_at
          FROM old_rows AS o WHERE o.deleted_at IS NULL GROUP BY o.agent_id, o.workday) AS c
    CROSS JOIN LATERAL timesheet.adjacent_workdays(c.agent_id, c.first_at, c.last_at, c.workday) AS d (day)
    ON CONFLICT DO NOTHING;
  ELSE
    -- The rows before and after the change, by all columns that a report shows.
    WITH stood AS MATERIALIZED (
      SELECT o.jibble_activity_id, o.agent_id, o.start_time_utc, o.kind, o.workday,
        o.workday_end, o.client_group_id, o.activity_id,
        o.is_auto_out, o.time_zone, o.raw_type, o.belongs_to_date, o.is_odd_workday, o.unknown_time_zone
      FROM old_rows AS o WHERE o.deleted_at IS NULL
    ), stands AS MATERIALIZED (
      SELECT n.jibble_activity_id, n.agent_id, n.start_time_utc, n.kind, n.workday,
        n.workday_end, n.client_group_id, n.activity_id,
        n.is_auto_out, n.time_zone, n.raw_type, n.belongs_to_date, n.is_odd_workday, n.unknown_time_zone
      FROM new_rows AS n WHERE n.deleted_at IS NULL
    )
    INSERT INTO timesheet.stale_days (agent_id, workday)
    SELECT DISTINCT c.agent_id, d.day
    FROM (SELECT r.agent_id, r.workday, min(r.start_time_utc) AS first_at, max(r.start_time_utc) AS last_at
          FROM ((TABLE stood EXCEPT TABLE stands) UNION ALL (TABLE stands EXCEPT TABLE stood)) AS r
          GROUP BY r.agent_id, r.workday) AS c
    CROSS JOIN LATERAL timesheet.adjacent_workdays(c.agent_id, c.first_at, c.last_at, c.workday) AS d (day)
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.mark_time_entries() IS 'Trigger: marks the days that a change of time entries touches.';
CREATE OR REPLACE TRIGGER mark_inserted AFTER INSERT ON timesheet.time_entries
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION timesheet.mark_time_entries();
CREATE OR REPLACE TRIGGER mark_updated AFTER UPDATE ON timesheet.time_entries
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION timesheet.mark_time_entries();
CREATE OR REPLACE TRIGGER mark_deleted AFTER DELETE ON timesheet.time_entries
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION timesheet.mark_time_entries();
CALL timesheet.set_grants('FUNCTION timesheet.mark_time_entries()');
