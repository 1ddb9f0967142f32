CREATE OR REPLACE FUNCTION timesheet.erase_mentions(of_agent int, neutral text, labels text[], payloads bigint[])
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  -- As timesheet.update_deletion_alerts() writes it.
  ours CONSTANT text := '^(Jibble no longer shows [0-9]+ entr(?:y|ies) of ).*'
    '(, nor the person; they still count[.]|, and shows the entries of one other person only; they still count[.])';
BEGIN
  -- Of a text that is ours, only the name goes.
  UPDATE timesheet.alerts AS a SET detail = CASE
    WHEN a.detail ~ ours THEN regexp_replace(a.detail, ours, E'\\1' || neutral || E'\\2')
    ELSE coalesce(nullif(timesheet.replace_whole(a.detail, labels, neutral), a.detail),
      'About ' || neutral || '; the text was erased with the personal data') END
  WHERE a.subject = 'agent ' || of_agent;
  UPDATE timesheet.audit_findings AS f -- see also timesheet.reduce_finding()
  SET detail = timesheet.replace_whole(f.detail, labels, neutral)
  WHERE f.agent_id = of_agent AND f.kind <> 'across_midnight'; -- that is weekdays and figures
  -- What a problem quotes is of the payload.
  UPDATE timesheet.ingest_problems AS p
  SET problem = timesheet.replace_whole(regexp_replace(p.problem, '".*"', '"erased"'), labels, neutral)
  WHERE p.raw_event_id = ANY (payloads);
END
$$;
COMMENT ON FUNCTION timesheet.erase_mentions(int, text, text[], bigint[]) IS
  'Of alerts, findings of audits and ingest problems about an agent, erases its names (labels), and what is quoted '
  'from these raw events (payloads); neutral is the name from then on.';
CALL timesheet.set_grants('FUNCTION timesheet.erase_mentions(int, text, text[], bigint[])');
