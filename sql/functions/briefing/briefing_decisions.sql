-- Many of a kind, such as each of a thousand digests that failed, are a few with their number.
CREATE OR REPLACE FUNCTION timesheet.briefing_decisions(known bigint[], OUT decisions jsonb, OUT total bigint,
  OUT news bigint, OUT alert_ids bigint[], OUT agent_ids int[])
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH found AS MATERIALIZED (
    SELECT a.alert_id, a.kind, k.place, t.title, a.detail,
      substring(a.subject FROM '^agent ([0-9]{1,9})$')::int AS agent_id,
      row_number() OVER (PARTITION BY a.kind ORDER BY a.since DESC, a.alert_id DESC) AS turn
    FROM unnest('{deletions_held,digest_in_doubt,digest_failed,entries_rejected,audit_differs,'
      'contact_problems}'::text[]) WITH ORDINALITY AS k (kind, place)
    JOIN timesheet.alerts AS a ON a.kind = k.kind AND a.resolved_at IS NULL AND a.acknowledged_at IS NULL
    CROSS JOIN LATERAL timesheet.alert_texts(a.kind) AS t
  ), listed AS (
    SELECT f.place, f.turn, f.title, f.detail FROM found AS f WHERE f.turn <= 3
    UNION ALL
    SELECT f.place, 4, f.title, 'and ' || count(*) - 3 || ' more'
    FROM found AS f GROUP BY f.place, f.title HAVING count(*) > 3
  )
  SELECT
    (SELECT coalesce(jsonb_agg(jsonb_build_object('title', l.title, 'detail', l.detail) ORDER BY l.place, l.turn), '[]')
     FROM listed AS l),
    (SELECT count(*) FROM found),
    (SELECT count(*) FROM found AS f WHERE f.alert_id <> ALL (known)),
    ARRAY(SELECT f.alert_id FROM found AS f ORDER BY f.alert_id),
    ARRAY(SELECT DISTINCT f.agent_id FROM found AS f WHERE f.agent_id IS NOT NULL)
$$;
COMMENT ON FUNCTION timesheet.briefing_decisions(bigint[]) IS
  'What needs a decision of staff: the open alerts of these kinds that were not acknowledged, at most three of each '
  'kind and how many more there are; their number, how many are not known yet, and the agents that they name.';
CALL timesheet.set_grants('FUNCTION timesheet.briefing_decisions(bigint[])');
