-- Marks that a dump brought from an older server bear the numbers of transactions that are still to come here, and the
-- transaction would then leave its own mark out: they are set again, and later callers wait for that.
CREATE OR REPLACE FUNCTION timesheet.mark_restored_days() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  WITH restored AS (
    DELETE FROM timesheet.stale_days AS s WHERE s.marked_by >= pg_snapshot_xmax(pg_current_snapshot())
    RETURNING s.agent_id, s.workday
  )
  INSERT INTO timesheet.stale_days (agent_id, workday)
  SELECT DISTINCT r.agent_id, r.workday FROM restored AS r ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON FUNCTION timesheet.mark_restored_days() IS
  'Marks days again whose mark was set by a transaction of another server, from which a dump was restored.';
CALL timesheet.set_grants('FUNCTION timesheet.mark_restored_days()');
