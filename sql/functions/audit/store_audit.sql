CREATE OR REPLACE FUNCTION timesheet.store_audit(since date, until date, people uuid[], summaries text[],
  refused uuid[] DEFAULT '{}', refusals text[] DEFAULT '{}', unreadable uuid[] DEFAULT '{}', faults text[] DEFAULT '{}')
RETURNS TABLE (agent_id int, agent text, day date, our_seconds bigint, jibble_seconds bigint, kind text, detail text,
  sessions text[])
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_column
DECLARE
  compared int := 0;
  found_agents int[] := '{}';
  found_days date[] := '{}';
  result record;
BEGIN
  -- Of two audits at once the later one waits, and replaces what the other found.
  PERFORM timesheet.take_lock('audit_lock');
  FOR result IN
    SELECT * FROM timesheet.audit(store_audit.since, store_audit.until, summaries, people, refused, refusals,
      unreadable, faults)
  LOOP
    IF result.kind IS NOT NULL THEN
      result.detail := timesheet.clean_text(result.detail);
      INSERT INTO timesheet.audit_findings AS f (agent_id, day, our_seconds, jibble_seconds, kind, detail)
      VALUES (result.agent_id, result.day, result.our_seconds, result.jibble_seconds, result.kind, result.detail)
      ON CONFLICT (agent_id, day) DO UPDATE SET
        our_seconds = excluded.our_seconds, jibble_seconds = excluded.jibble_seconds, kind = excluded.kind,
        detail = excluded.detail, audited_at = excluded.audited_at,
        differed_before = excluded.jibble_seconds IS NULL AND (f.kind = 'differs' OR f.differed_before);
      found_agents := found_agents || result.agent_id;
      found_days := found_days || result.day;
    END IF;
    compared := compared + (result.jibble_seconds IS NOT NULL)::int;
    agent_id := result.agent_id;
    agent := result.agent;
    day := result.day;
    our_seconds := result.our_seconds;
    jibble_seconds := result.jibble_seconds;
    kind := result.kind;
    detail := result.detail;
    sessions := result.sessions;
    RETURN NEXT;
  END LOOP;
  DELETE FROM timesheet.audit_findings AS f USING timesheet.agents AS a
  WHERE a.agent_id = f.agent_id AND a.jibble_id = ANY (store_audit.people)
    AND f.day BETWEEN store_audit.since AND store_audit.until
    AND NOT EXISTS (SELECT FROM unnest(found_agents, found_days) AS n (agent_id, day)
                    WHERE n.agent_id = f.agent_id AND n.day = f.day);
  IF compared > 0 THEN
    INSERT INTO timesheet.audits (since, until, people, agent_days)
    VALUES (store_audit.since, store_audit.until, cardinality(people), compared);
  END IF;
  PERFORM timesheet.update_audit_alerts(store_audit.since, store_audit.until);
END
$$;
COMMENT ON FUNCTION timesheet.store_audit(date, date, uuid[], text[], uuid[], text[], uuid[], text[]) IS
  'As timesheet.audit(); replaces the findings of these people and days by what it found, records that these days were '
  'audited unless no person could be compared, and raises or resolves the alert of each week.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.store_audit(date, date, uuid[], text[], uuid[], text[], uuid[], text[])',
  'EXECUTE TO timesheet_ingest');
