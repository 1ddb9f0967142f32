-- What a client's own role sees: the same names as in the schema timesheet, and of each the rows of its client
-- groups. A schema of its own, so that such a role needs no right at all on the schema timesheet, and an API
-- can offer the one and not the other.
--
-- The engine reads all of an agent's events, those of other clients too, as one of another client may end a
-- session; the filter is put on what comes out, inside of functions that run with their owner's rights. So a
-- condition of the caller's, however written, only ever meets rows that are the caller's.
CREATE OR REPLACE FUNCTION timesheet_client.sessions(since date, until date, for_agent int DEFAULT NULL,
  as_of timestamptz DEFAULT now())
RETURNS TABLE (
  agent_id int, client_group_id int, activity_id int, workday date, kind text, started_at timestamptz,
  ended_at timestamptz, seconds bigint, end_reason text, is_complete boolean, jibble_activity_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET row_security = off
AS $$
DECLARE
  own int[] := timesheet.client_groups_of_caller();
BEGIN
  RETURN QUERY SELECT * FROM timesheet.sessions(since, until, for_agent, as_of) AS r
    WHERE r.client_group_id = ANY (own);
END
$$;
COMMENT ON FUNCTION timesheet_client.sessions(date, date, int, timestamptz) IS
  'timesheet.sessions(), limited to the sessions of the caller''s client groups.';
CALL timesheet.set_grants(
  'FUNCTION timesheet_client.sessions(date, date, int, timestamptz)',
  'EXECUTE TO timesheet_client');
