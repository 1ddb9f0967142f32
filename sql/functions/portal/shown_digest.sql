-- An e-mail as it was sent holds what is for its reader's mailbox alone: its link to the portal, with the place of the
-- token, and the link to unsubscribe. And namesakes are kept apart there by addresses, and who has no name is called by
-- one: the portal shows none.
CREATE OR REPLACE FUNCTION timesheet.shown_digest(html text, content jsonb, idempotency_key uuid,
  unsubscribe_token uuid) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  shown text := replace(html, '?token=token-of-' || idempotency_key, '');
  link CONSTANT text := '<a class="portal-link"[^<>]*>[^<>]*</a>';
  label record;
BEGIN
  -- The button with what is said of it; else, as a template may have changed, the link alone.
  shown := regexp_replace(shown, '<tr><td[^<>]*>[[:space:]]*<table[^<>]*><tr><td class="button"[^<>]*>' || link
    || '</td></tr></table>[[:space:]]*<div[^<>]*>[^<>]*</div>[[:space:]]*</td></tr>', '', 'g');
  shown := regexp_replace(shown, link, '', 'g');
  shown := regexp_replace(shown, '<a [^<>]*(class="unsubscribe-link"|' || unsubscribe_token || ')[^<>]*>[^<>]*</a>', '',
    'g');
  shown := replace(replace(shown, 'token-of-' || idempotency_key, ''), unsubscribe_token::text, '');
  FOR label IN
    SELECT l.name, timesheet.name_without_address(coalesce(l.part[1], l.name)) AS before,
      coalesce(max(l.agent_id), (
        SELECT min(a.agent_id) FROM timesheet.agent_names AS a
        WHERE a.email = l.part[2] AND timesheet.short_name(a.name) = l.part[1])) AS agent_id,
      l.part IS NOT NULL AS has_namesakes
    FROM (
      SELECT n.name, n.agent_id, regexp_match(n.name, E'^(.*) \\(([^()]*@[^()]*)\\)$') AS part
      FROM (
        SELECT a ->> 'name', (a ->> 'agent_id')::int
        FROM jsonb_path_query(content, '$.client_groups[*].agents[*]') AS q (a)
        UNION ALL SELECT a #>> '{}', NULL FROM jsonb_path_query(content, '$.corrections[*].agents[*].name') AS q (a)
        UNION ALL SELECT a #>> '{}', NULL FROM jsonb_path_query(content, '$.notes[*].agent') AS q (a)
        UNION ALL SELECT a #>> '{}', NULL FROM jsonb_path_query(content, '$.more_note_agents[*].name') AS q (a)
      ) AS n (name, agent_id)
    ) AS l
    WHERE l.part IS NOT NULL OR timesheet.name_without_address(l.name) <> l.name
    GROUP BY l.name, l.part ORDER BY length(l.name) DESC -- what is a part of another comes after it
  LOOP
    shown := replace(shown, timesheet.html_text(label.name), timesheet.html_text(label.before)
      || coalesce(' (no. ' || label.agent_id || ')',
        CASE WHEN label.has_namesakes THEN ' (another of that name)' ELSE '' END));
  END LOOP;
  RETURN shown;
END
$$;
COMMENT ON FUNCTION timesheet.shown_digest(text, jsonb, uuid, uuid) IS
  'A digest''s e-mail as the portal shows it: without its link to the portal and the link to unsubscribe, and '
  'with numbers in place of the addresses that keep agents of one name apart or stand for a name. content: what the '
  'e-mail was made of.';
CALL timesheet.set_grants('FUNCTION timesheet.shown_digest(text, jsonb, uuid, uuid)');
