-- Reports for people and BI tools: names, not ids, and exact at every moment. Settled days come from
-- the rollups, stale ones from the engine, in one statement and so in one snapshot.
--
-- The days that are stale come first in each live part, and give the columns that filters are put on,
-- so that a filter leaves out what it does not want before the engine is asked. The first part asks for all whether a row
-- is hidden, when it is planned, and whether the settings' is there: see timesheet.require_every_row().

-- A name for every id, also for none, which is 0 in the rollups.
-- The settings by subqueries: a join would have the planner expect hundreds of them.
CREATE VIEW timesheet.client_group_names AS
SELECT g.client_group_id AS key, g.client_group_id, g.jibble_id, coalesce(g.name, '(unnamed client group)') AS name, g.code,
  coalesce(timesheet.usable_time_zone(g.time_zone), (SELECT timesheet.default_time_zone())) AS time_zone,
  coalesce(g.week_starts_on, (SELECT s.week_starts_on FROM timesheet.settings AS s)) AS week_starts_on
FROM timesheet.client_groups AS g
WHERE timesheet.require_every_row_when_planned()
UNION ALL
SELECT 0, NULL, NULL, '(no client group)', NULL,
  coalesce((SELECT timesheet.default_time_zone()), timesheet.require_every_row()::text), -- which raises, as then there is no row
  (SELECT s.week_starts_on FROM timesheet.settings AS s);
COMMENT ON VIEW timesheet.client_group_names IS 'Client groups by the key that rollups have, with the zone and the first weekday in force; key 0 is no client group.';

CREATE VIEW timesheet.activity_names AS
SELECT v.activity_id AS key, v.activity_id, v.jibble_id, coalesce(v.name, '(unnamed activity)') AS name, v.code FROM timesheet.activities AS v
WHERE timesheet.require_every_row_when_planned()
UNION ALL
SELECT 0, NULL, NULL, '(no activity)', NULL;
COMMENT ON VIEW timesheet.activity_names IS 'Activities by the key that rollups have; key 0 is no activity.';

CREATE VIEW timesheet.agent_names AS
SELECT a.agent_id, a.jibble_id, coalesce(a.full_name, '(unnamed agent)') AS name, a.email, timesheet.usable_time_zone(a.time_zone) AS time_zone, a.status
FROM timesheet.agents AS a
WHERE timesheet.require_every_row_when_planned();
COMMENT ON VIEW timesheet.agent_names IS 'Agents with a name to show for each.';

CREATE VIEW timesheet.stale_agent_days AS
SELECT DISTINCT s.agent_id, s.workday FROM timesheet.stale_days AS s WHERE timesheet.require_every_row_when_planned();
COMMENT ON VIEW timesheet.stale_agent_days IS 'Agents'' days that the rollups do not know yet, each once.';

CREATE VIEW timesheet.daily_report AS
SELECT r.workday, r.week_start, g.name AS client_group, g.code AS client_group_code, a.name AS agent, v.name AS activity,
  r.work_seconds / 3600.0 AS hours, r.unconfirmed_seconds / 3600.0 AS unconfirmed_hours, r.break_seconds / 3600.0 AS break_hours,
  r.session_count AS sessions, r.incomplete_count AS incomplete_sessions,
  r.work_seconds, r.unconfirmed_seconds, r.break_seconds, r.manual_seconds,
  g.client_group_id, r.agent_id, v.activity_id, g.jibble_id AS client_group_jibble_id, a.jibble_id AS agent_jibble_id, v.jibble_id AS activity_jibble_id
FROM timesheet.daily_rollup AS r
JOIN timesheet.client_group_names AS g ON g.key = r.client_group_id
JOIN timesheet.agent_names AS a ON a.agent_id = r.agent_id
JOIN timesheet.activity_names AS v ON v.key = r.activity_id
WHERE NOT EXISTS (SELECT FROM timesheet.stale_days AS s WHERE s.agent_id = r.agent_id AND s.workday = r.workday)
  AND timesheet.require_every_row_when_planned() AND coalesce((SELECT s.singleton FROM timesheet.settings AS s), timesheet.require_every_row())
UNION ALL
SELECT d.workday, w.week_start, g.name, g.code, a.name, v.name,
  h.work_seconds / 3600.0, h.unconfirmed_seconds / 3600.0, h.break_seconds / 3600.0,
  h.session_count, h.incomplete_count,
  h.work_seconds, h.unconfirmed_seconds, h.break_seconds, h.manual_seconds,
  g.client_group_id, d.agent_id, v.activity_id, g.jibble_id, a.jibble_id, v.jibble_id
FROM timesheet.stale_agent_days AS d
-- The weeks that may hold the day, so that a filter on the week is one on days.
CROSS JOIN LATERAL (SELECT d.workday - n AS week_start FROM generate_series(0, 6) AS n) AS w
JOIN timesheet.agent_names AS a ON a.agent_id = d.agent_id
CROSS JOIN LATERAL timesheet.daily_hours(d.workday, d.workday + 1, d.agent_id) AS h
JOIN timesheet.client_group_names AS g ON g.key = coalesce(h.client_group_id, 0) AND w.week_start = timesheet.week_start(d.workday, g.week_starts_on)
JOIN timesheet.activity_names AS v ON v.key = coalesce(h.activity_id, 0);
COMMENT ON VIEW timesheet.daily_report IS
  'Hours by workday, client group, agent and activity. hours includes manual hours, unconfirmed_hours is the part of it from running, missing and automatic clock-outs; all hours are unrounded: round with timesheet.round_hours() (R12). Exact at every moment.';
COMMENT ON COLUMN timesheet.daily_report.week_start IS 'The first day of the client group''s week that holds the workday.';
COMMENT ON COLUMN timesheet.daily_report.sessions IS 'Work sessions; 0 where all hours were typed in.';
COMMENT ON COLUMN timesheet.daily_report.incomplete_sessions IS 'Those of them without a clock-out.';

CREATE VIEW timesheet.weekly_report AS
SELECT r.week_start, r.client_group, r.client_group_code, r.agent, r.activity,
  sum(r.work_seconds) / 3600.0 AS hours, sum(r.unconfirmed_seconds) / 3600.0 AS unconfirmed_hours, sum(r.break_seconds) / 3600.0 AS break_hours,
  sum(r.sessions)::int AS sessions, sum(r.incomplete_sessions)::int AS incomplete_sessions,
  sum(r.work_seconds)::bigint AS work_seconds, sum(r.unconfirmed_seconds)::bigint AS unconfirmed_seconds,
  sum(r.break_seconds)::bigint AS break_seconds, sum(r.manual_seconds)::bigint AS manual_seconds,
  r.client_group_id, r.agent_id, r.activity_id, r.client_group_jibble_id, r.agent_jibble_id, r.activity_jibble_id
FROM timesheet.daily_report AS r
GROUP BY r.week_start, r.client_group, r.client_group_code, r.agent, r.activity,
  r.client_group_id, r.agent_id, r.activity_id, r.client_group_jibble_id, r.agent_jibble_id, r.activity_jibble_id;
COMMENT ON VIEW timesheet.weekly_report IS 'As timesheet.daily_report, by week: the client group''s own, else the setting''s (R11).';

CREATE VIEW timesheet.attendance AS
SELECT r.agent, r.workday, r.clock_in, r.clock_out, r.last_activity_at,
  r.time_zone, r.clock_in AT TIME ZONE r.time_zone AS clock_in_local, r.clock_out AT TIME ZONE r.time_zone AS clock_out_local,
  r.last_activity_at AT TIME ZONE r.time_zone AS last_activity_local,
  r.client_group, r.client_group_time_zone, r.clock_in AT TIME ZONE r.client_group_time_zone AS clock_in_client,
  r.clock_out AT TIME ZONE r.client_group_time_zone AS clock_out_client, r.last_activity_at AT TIME ZONE r.client_group_time_zone AS last_activity_client,
  r.work_seconds / 3600.0 AS work_hours, r.break_seconds / 3600.0 AS break_hours, r.notes,
  r.work_seconds, r.break_seconds, r.agent_id, r.client_group_id, r.agent_jibble_id, r.client_group_jibble_id,
  ARRAY(SELECT DISTINCT n.name FROM timesheet.client_group_names AS n WHERE n.key = ANY (r.client_groups) ORDER BY n.name) AS client_groups
FROM (
  SELECT a.name AS agent, r.workday, r.clock_in, r.clock_out, r.last_activity_at,
    coalesce(timesheet.usable_time_zone(r.time_zone), a.time_zone, (SELECT timesheet.default_time_zone())) AS time_zone, g.name AS client_group, g.time_zone AS client_group_time_zone,
    r.work_seconds, r.break_seconds, r.notes, r.agent_id, g.client_group_id, a.jibble_id AS agent_jibble_id, g.jibble_id AS client_group_jibble_id,
    r.client_groups
  FROM timesheet.attendance_rollup AS r
  JOIN timesheet.client_group_names AS g ON g.key = r.client_group_id
  JOIN timesheet.agent_names AS a ON a.agent_id = r.agent_id
  WHERE NOT EXISTS (SELECT FROM timesheet.stale_days AS s WHERE s.agent_id = r.agent_id AND s.workday = r.workday)
  UNION ALL
  SELECT a.name, d.workday, t.clock_in, t.clock_out, t.last_activity_at,
    coalesce(timesheet.usable_time_zone(t.time_zone), a.time_zone, (SELECT timesheet.default_time_zone())), g.name, g.time_zone,
    t.work_seconds, t.break_seconds, t.notes, d.agent_id, g.client_group_id, a.jibble_id, g.jibble_id, t.client_groups
  FROM timesheet.stale_agent_days AS d
  JOIN timesheet.agent_names AS a ON a.agent_id = d.agent_id
  CROSS JOIN LATERAL timesheet.attendance_days(d.workday, d.workday + 1, d.agent_id) AS t
  JOIN timesheet.client_group_names AS g ON g.key = coalesce(t.client_group_id, 0)
) AS r
WHERE timesheet.require_every_row_when_planned() AND coalesce((SELECT s.singleton FROM timesheet.settings AS s), timesheet.require_every_row());
COMMENT ON VIEW timesheet.attendance IS
  'A row per agent and workday with a live entry or manual hours: clock-in, clock-out (null unless an out closed the last session) and last activity (R9), as instants, in the working zone (…_local) and in the client group''s zone (…_client). notes: the codes of the day''s notes, with commas. client_groups: the names of all that got hours of the day, in order; client_group and the working zone are those of its last session (R2), without one of the manual hours, else of the last entry. Exact at every moment.';

-- The stored part stays a plain table within the union, so that its indexes give rows in order, a page at a time.
CREATE VIEW timesheet.session_log AS
SELECT r.started_at, r.ended_at, r.seconds, r.seconds / 3600.0 AS hours, r.kind, r.end_reason, r.is_complete, r.workday,
  a.name AS agent, g.name AS client_group, g.code AS client_group_code, v.name AS activity,
  r.agent_id, r.client_group_id, r.activity_id, r.jibble_activity_id,
  a.jibble_id AS agent_jibble_id, g.jibble_id AS client_group_jibble_id, v.jibble_id AS activity_jibble_id
FROM (
  SELECT s.started_at, s.ended_at, s.seconds, s.kind, s.end_reason, s.is_complete, s.workday, s.agent_id, s.client_group_id, s.activity_id,
    s.jibble_activity_id, true AS is_stored
  FROM timesheet.session_rollup AS s
  UNION ALL
  SELECT s.started_at, s.ended_at, s.seconds, s.kind, s.end_reason, s.is_complete, d.workday, d.agent_id, s.client_group_id, s.activity_id,
    s.jibble_activity_id, false
  FROM timesheet.stale_agent_days AS d
  CROSS JOIN LATERAL timesheet.sessions(d.workday, d.workday + 1, d.agent_id) AS s
) AS r
-- LEFT, though each has a name: the planner must not think that few rows are left, or it reads all of them for a page.
LEFT JOIN timesheet.agent_names AS a ON a.agent_id = r.agent_id
LEFT JOIN timesheet.client_group_names AS g ON g.key = coalesce(r.client_group_id, 0)
LEFT JOIN timesheet.activity_names AS v ON v.key = coalesce(r.activity_id, 0)
WHERE (NOT r.is_stored OR NOT EXISTS (SELECT FROM timesheet.stale_days AS s WHERE s.agent_id = r.agent_id AND s.workday = r.workday))
  AND timesheet.require_every_row_when_planned() AND coalesce((SELECT s.singleton FROM timesheet.settings AS s), timesheet.require_every_row());
COMMENT ON VIEW timesheet.session_log IS
  'Every work and break session, as timesheet.sessions() gives them, with names. Exact at every moment. Read long ones page by page, filtered by ids: ORDER BY started_at DESC, jibble_activity_id DESC, and from the second page on WHERE (started_at, jibble_activity_id) < the last row''s.';

CREATE VIEW timesheet.notes AS
SELECT n.workday, n.code, a.name AS agent, g.name AS client_group, n.at, n.at AT TIME ZONE coalesce(a.time_zone, g.time_zone) AS at_local, n.detail,
  n.agent_id, g.client_group_id, n.jibble_activity_id
FROM timesheet.note_rollup AS n
JOIN timesheet.agent_names AS a ON a.agent_id = n.agent_id
JOIN timesheet.client_group_names AS g ON g.key = n.client_group_id
WHERE NOT EXISTS (SELECT FROM timesheet.stale_days AS s WHERE s.agent_id = n.agent_id AND s.workday = n.workday)
  AND timesheet.require_every_row_when_planned() AND coalesce((SELECT s.singleton FROM timesheet.settings AS s), timesheet.require_every_row())
UNION ALL
SELECT d.workday, n.code, a.name, g.name, n.at, n.at AT TIME ZONE coalesce(a.time_zone, g.time_zone), n.detail,
  d.agent_id, g.client_group_id, n.jibble_activity_id
FROM timesheet.stale_agent_days AS d
JOIN timesheet.agent_names AS a ON a.agent_id = d.agent_id
CROSS JOIN LATERAL timesheet.notes(d.workday, d.workday + 1, d.agent_id) AS n
JOIN timesheet.client_group_names AS g ON g.key = coalesce(n.client_group_id, 0)
WHERE n.code <> 'rejected_entry'
UNION ALL
SELECT n.workday, n.code, a.name, g.name, n.at, n.at AT TIME ZONE coalesce(a.time_zone, g.time_zone), n.detail,
  n.agent_id, g.client_group_id, n.jibble_activity_id
FROM timesheet.rejected_entry_notes(NULL, NULL, NULL) AS n
LEFT JOIN timesheet.agent_names AS a ON a.agent_id = n.agent_id
JOIN timesheet.client_group_names AS g ON g.key = 0;
COMMENT ON VIEW timesheet.notes IS 'What a person should know (R13), as timesheet.notes() gives it, with names; at_local is in the agent''s present working zone. Exact at every moment.';

-- Entries page by page, as the session log.
CREATE INDEX time_entries_by_time ON timesheet.time_entries (start_time_utc, jibble_activity_id);

INSERT INTO timesheet.schema_migrations (version, name) VALUES (19, '0019_reports');
