-- Which entries of these agents came, went, moved or changed within what was reported: client groups, each with the
-- first of its seven days and the last raw event that was known. An entry that moved away is looked for a month around.
CREATE OR REPLACE FUNCTION timesheet.digest_reasons(agents int[], client_groups int[], first_days date[],
  through_raw_events bigint[]) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH reported AS MATERIALIZED (
    SELECT t.* FROM unnest(client_groups, first_days, through_raw_events)
      AS t (client_group_id, first_day, through_raw_event)
  ), around AS MATERIALIZED (
    SELECT min(t.first_day) - 31 AS since, max(t.first_day) + 37 AS until, min(t.through_raw_event) AS through_raw_event
    FROM reported AS t
  ), entries AS (
    SELECT e.agent_id, e.jibble_activity_id AS id, 'TimeEntries' AS resource, e.client_group_id, e.workday,
      e.deleted_at IS NOT NULL AS is_gone
    FROM timesheet.time_entries AS e
    UNION ALL
    SELECT h.agent_id, h.jibble_id, 'HourEntries', h.client_group_id, h.workday, h.deleted_at IS NOT NULL
    FROM timesheet.hour_entries AS h
  ), compared AS (
    SELECT e.is_gone, (NOT e.is_gone AND e.workday BETWEEN t.first_day AND t.first_day + 6) IS TRUE AS is_in,
      w.is_in AS was_in, NOT w.is_alive AS is_new
    FROM entries AS e
    CROSS JOIN around AS o
    LEFT JOIN reported AS t ON t.client_group_id = e.client_group_id
    CROSS JOIN LATERAL (
      SELECT max(r.raw_event_id) AS last,
        max(r.raw_event_id) FILTER (WHERE r.raw_event_id <= coalesce(t.through_raw_event, o.through_raw_event)) AS was
      FROM timesheet.raw_events AS r
      WHERE r.jibble_id = e.id AND r.resource = e.resource
        AND NOT EXISTS (SELECT FROM timesheet.ingest_problems AS p WHERE p.raw_event_id = r.raw_event_id)
    ) AS v
    CROSS JOIN LATERAL (
      SELECT count(*) > 0 AS is_alive, count(k.client_group_id) > 0 AS is_in FROM timesheet.raw_events AS r
      CROSS JOIN LATERAL timesheet.version_attribution(r.resource, r.payload) AS p
      LEFT JOIN reported AS k ON k.client_group_id = p.client_group_id
        AND p.workday BETWEEN k.first_day AND k.first_day + 6
      WHERE r.raw_event_id = v.was
    ) AS w
    WHERE e.agent_id = ANY (agents) AND e.workday BETWEEN o.since AND o.until
      AND v.last > coalesce(t.through_raw_event, o.through_raw_event)
  )
  SELECT concat_ws(', ',
    timesheet.count_text(count(*) FILTER (WHERE c.is_in AND c.is_new), 'entry added', 'entries added'),
    timesheet.count_text(count(*) FILTER (WHERE c.was_in AND c.is_gone), 'entry removed', 'entries removed'),
    timesheet.count_text(count(*) FILTER (WHERE c.was_in AND c.is_in), 'entry edited', 'entries edited'),
    timesheet.count_text(count(*) FILTER (WHERE c.is_in AND NOT c.was_in AND NOT c.is_new), 'entry moved here',
      'entries moved here'),
    timesheet.count_text(count(*) FILTER (WHERE c.was_in AND NOT c.is_in AND NOT c.is_gone), 'entry moved elsewhere',
      'entries moved elsewhere'))
  FROM compared AS c
$$;
COMMENT ON FUNCTION timesheet.digest_reasons(int[], int[], date[], bigint[]) IS
  'In words, how many entries of these agents were added, removed, edited or moved after a raw event, within seven '
  'days of each of these client groups; empty if none was. The arrays belong together.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_reasons(int[], int[], date[], bigint[])');
