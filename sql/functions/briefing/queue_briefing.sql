CREATE OR REPLACE FUNCTION timesheet.queue_briefing(for_day date, to_address text, of_client_groups int[],
  sessions jsonb, silences jsonb, outdated text, open jsonb) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  said jsonb;
BEGIN
  IF of_client_groups IS NOT NULL THEN -- a supervisor: nothing of other clients, and no decisions
    open := '{"decisions": [], "total": 0, "news": 0, "agent_ids": []}';
    SELECT coalesce(jsonb_agg(s.session), '[]') INTO sessions FROM jsonb_array_elements(sessions) AS s (session)
    WHERE (s.session ->> 'client_group_id')::int = ANY (of_client_groups);
    SELECT coalesce(jsonb_agg(q.silence), '[]') INTO silences FROM jsonb_array_elements(silences) AS q (silence)
    WHERE (q.silence ->> 'client_group_id')::int = ANY (of_client_groups);
  END IF;
  IF sessions = '[]' AND open -> 'news' = '0' AND NOT silences @> '[{"is_new": true}]' THEN
    RETURN 0;
  END IF;
  said := timesheet.briefing_content(for_day, sessions, silences, open -> 'decisions', (open -> 'total')::bigint,
    of_client_groups, outdated);
  INSERT INTO timesheet.outbox_messages (kind, recipient, subject, content, agent_ids)
  VALUES ('briefing', to_address, said ->> 'subject', said,
    ARRAY(SELECT (n.named ->> 'agent_id')::int FROM jsonb_array_elements(sessions || silences) AS n (named)
      UNION SELECT a.id::int FROM jsonb_array_elements(open -> 'agent_ids') AS a (id)));
  RETURN 1;
END
$$;
COMMENT ON FUNCTION timesheet.queue_briefing(date, text, int[], jsonb, jsonb, text, jsonb) IS
  'Queues a briefing for one address, of staff (of_client_groups is null) or of a supervisor, if there is something '
  'new to say to it. open: what timesheet.briefing_decisions() gave. Returns how many e-mails, 0 or 1.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.queue_briefing(date, text, int[], jsonb, jsonb, text, jsonb)');
