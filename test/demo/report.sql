-- The last full week, by client group and agent, and what a person should know about it.
\pset border 1
\pset linestyle unicode
\pset footer off
\pset null ''
\set QUIET 1
SET client_min_messages = warning;

SELECT timesheet.week_start(max(e.workday), s.week_starts_on) - 7 AS since,
  timesheet.week_start(max(e.workday), s.week_starts_on) AS until
FROM timesheet.time_entries AS e, timesheet.settings AS s GROUP BY s.week_starts_on
\gset
SELECT to_char(:'since'::date, 'FMDay FMDD FMMonth') AS first_day,
  to_char(:'until'::date - 1, 'FMDay FMDD FMMonth YYYY') AS last_day
\gset
\echo
\echo 'Hours from' :first_day 'to' :last_day
\echo

WITH hours AS (
  SELECT g.label AS client_group, a.label AS agent, sum(h.work_seconds)::bigint AS work,
    sum(h.unconfirmed_seconds)::bigint AS unconfirmed, sum(h.break_seconds)::bigint AS rest
  FROM timesheet.weekly_hours(:'since', :'until') AS h
  JOIN timesheet.agent_labels AS a USING (agent_id)
  JOIN timesheet.client_group_labels AS g ON g.key = coalesce(h.client_group_id, 0)
  GROUP BY g.label, a.label
), cells AS (
  SELECT array_agg(h.client_group ORDER BY h.client_group, h.agent) AS client_groups,
    array_agg(h.agent ORDER BY h.client_group, h.agent) AS agents,
    timesheet.round_hours(array_agg(h.work ORDER BY h.client_group, h.agent)) AS work,
    timesheet.round_hours(array_agg(h.unconfirmed ORDER BY h.client_group, h.agent)) AS unconfirmed,
    timesheet.round_hours(array_agg(h.rest ORDER BY h.client_group, h.agent)) AS rest
  FROM hours AS h
), shown AS (
  SELECT u.client_group, u.agent, sum(u.work) AS work, sum(u.unconfirmed) AS unconfirmed, sum(u.rest) AS rest,
    grouping(u.client_group, u.agent) AS level, count(*) AS agents
  FROM cells AS c, unnest(c.client_groups, c.agents, c.work, c.unconfirmed, c.rest)
    AS u (client_group, agent, work, unconfirmed, rest)
  GROUP BY GROUPING SETS ((u.client_group, u.agent), (u.client_group), ())
)
SELECT CASE WHEN s.level = 3 THEN 'All clients'
            WHEN s.level = 1 THEN '' 
            WHEN lag(s.client_group) OVER rows IS DISTINCT FROM s.client_group
              THEN s.client_group ELSE '' END AS "Client group",
  CASE s.level WHEN 0 THEN s.agent WHEN 1 THEN '  subtotal' ELSE s.agents || ' agents' END AS "Agent",
  s.work AS "Hours", nullif(s.unconfirmed, 0) AS "Unconfirmed", s.rest AS "Breaks"
FROM shown AS s
WHERE s.level <> 1 OR s.agents > 1
WINDOW rows AS (ORDER BY s.level = 3, s.client_group, s.level, s.agent)
ORDER BY s.level = 3, s.client_group, s.level, s.agent;

\echo 'Notes: sessions without a confirmed end'
\echo

SELECT g.label AS "Client group", a.label AS "Agent",
  to_char(n.at AT TIME ZONE t.time_zone, 'Dy FMDD Mon HH24:MI') AS "Since (local time)",
  CASE n.code WHEN 'missing_clock_out' THEN 'no clock-out' WHEN 'break_left_open' THEN 'break left open'
    ELSE 'clocked out by Jibble' END AS "What",
  substring(n.detail FROM 'counted (\d+:\d\d)') AS "Counted (h:mm)"
FROM timesheet.notes(:'since', :'until') AS n
JOIN timesheet.agent_labels AS a USING (agent_id)
JOIN timesheet.time_entries AS t USING (jibble_activity_id)
JOIN timesheet.client_group_labels AS g ON g.key = coalesce(n.client_group_id, 0)
WHERE n.code IN ('missing_clock_out', 'break_left_open', 'auto_clock_out')
ORDER BY g.label, a.label, n.at;
