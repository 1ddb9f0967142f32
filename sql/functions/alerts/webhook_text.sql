-- All who read the channel read this: no detail, which may quote Jibble or a provider, and no subject but a command
-- or a week.
CREATE OR REPLACE FUNCTION timesheet.webhook_text(of_kind text, ids bigint[], over bigint[], content jsonb,
  page_url text) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT concat_ws(E'\n', content ->> 'subject',
    (SELECT string_agg(concat_ws(': ', CASE
        WHEN of_kind IN ('failing_runs', 'poller_unreachable') THEN l.subject
        WHEN of_kind IN ('digest_overdue', 'audit_differs') THEN
          'week of ' || to_char(timesheet.try_date(substr(l.subject, 6)), 'Dy FMDD Mon YYYY') END,
        l.period), E'\n' ORDER BY l.place)
     FROM timesheet.alert_lines(ids, over) AS l),
    CASE WHEN (content -> 'has_more') = 'true' THEN format('and %s more', content ->> 'more') END,
    CASE of_kind WHEN 'stale_feed' THEN 'Last read: ' || coalesce((SELECT timesheet.office_time_text(f.fresh_through)
      FROM timesheet.feed_health AS f), 'never') END, -- since then hours are missing
    'What it means: ' || (content ->> 'meaning'), 'What to do: ' || nullif(content ->> 'remedy', ''),
    rtrim(nullif(timesheet.clean_text(page_url), ''), '/') || '/health',
    (SELECT CASE WHEN cardinality(ids) = 1 THEN 'alert ' ELSE 'alerts ' END
       || string_agg(i.id::text, ', ' ORDER BY i.id) FILTER (WHERE i.n <= 20)
       || CASE WHEN cardinality(ids) > 20 THEN format(' and %s more', cardinality(ids) - 20) ELSE '' END
     FROM (SELECT u.id, row_number() OVER (ORDER BY u.id) AS n FROM unnest(ids) AS u (id)) AS i))
$$;
COMMENT ON FUNCTION timesheet.webhook_text(text, bigint[], bigint[], jsonb, text) IS
  'The same message as plain text for a webhook (over: those of the alerts that are over): what, when, what it means, '
  'what to do, the dashboard''s page Health and the ids of the alerts; nothing of their details.';
CALL timesheet.set_grants('FUNCTION timesheet.webhook_text(text, bigint[], bigint[], jsonb, text)');
