-- Time entries (points in time) and hour entries (durations), placed on their workday.

CREATE TABLE timesheet.time_entries (
  jibble_activity_id uuid PRIMARY KEY,
  agent_id           int NOT NULL REFERENCES timesheet.agents,
  client_group_id    int REFERENCES timesheet.client_groups,
  activity_id        int REFERENCES timesheet.activities,
  start_time_utc     timestamptz NOT NULL
    CONSTRAINT start_time_utc_must_be_finite CHECK (isfinite(start_time_utc))
    CONSTRAINT start_time_utc_must_be_from_1900_to_2999 CHECK (start_time_utc >= '1900-01-01 00:00+00' AND start_time_utc < '3000-01-01 00:00+00'),
  utc_offset         interval,
  time_zone          text,
  raw_type           text,
  client_type        text,
  belongs_to_date    date,
  workday            date NOT NULL
    CONSTRAINT workday_must_be_finite CHECK (isfinite(workday))
    CONSTRAINT workday_must_be_from_1899_to_3000 CHECK (workday BETWEEN '1899-01-01' AND '3000-12-31'),
  workday_end        timestamptz NOT NULL
    CONSTRAINT workday_end_must_be_finite CHECK (isfinite(workday_end))
    CONSTRAINT workday_end_must_be_from_1899_to_3000 CHECK (workday_end >= '1899-01-01 00:00+00' AND workday_end < '3001-01-01 00:00+00'),
  is_odd_workday     boolean NOT NULL DEFAULT false,
  unknown_time_zone  text,
  is_manual          boolean,
  jibble_created_at  timestamptz,
  jibble_updated_at  timestamptz,
  deleted_at         timestamptz,
  -- R1, R2: the rank orders events at the same instant.
  kind               smallint NOT NULL GENERATED ALWAYS AS (
    CASE raw_type WHEN 'Out' THEN 0 WHEN 'StartBreak' THEN 1 WHEN 'In' THEN 2 ELSE 3 END) STORED,
  is_auto_out        boolean NOT NULL GENERATED ALWAYS AS (client_type IS NOT DISTINCT FROM 'AutoOut') STORED
);
-- The engines' input: session order (R2), with all that they read, so that one index-only scan feeds them.
CREATE INDEX time_entries_session_order ON timesheet.time_entries
  (agent_id, start_time_utc, kind, jibble_activity_id)
  INCLUDE (workday, workday_end, client_group_id, activity_id, is_auto_out)
  WHERE deleted_at IS NULL;
CREATE INDEX time_entries_client_group ON timesheet.time_entries (client_group_id);
CREATE INDEX time_entries_activity ON timesheet.time_entries (activity_id);
-- Scattered updates make index-only scans visit the heap: vacuum long before the default fifth of the table.
ALTER TABLE timesheet.time_entries SET (
  autovacuum_vacuum_scale_factor = 0.005, autovacuum_vacuum_insert_scale_factor = 0.02,
  autovacuum_analyze_scale_factor = 0.02);

COMMENT ON TABLE timesheet.time_entries IS 'One Jibble event: a point in time at which something began or ended. Deleted ones stay, marked.';
COMMENT ON COLUMN timesheet.time_entries.jibble_activity_id IS 'The event''s own Jibble id.';
COMMENT ON COLUMN timesheet.time_entries.client_group_id IS 'The client group the agent was in at that moment; null if none.';
COMMENT ON COLUMN timesheet.time_entries.utc_offset IS 'Local time minus UTC, as Jibble gave it; null if it gave none.';
COMMENT ON COLUMN timesheet.time_entries.time_zone IS 'The working zone by which the entry was placed (R3).';
COMMENT ON COLUMN timesheet.time_entries.raw_type IS 'Jibble''s type, unchanged: In, Out, StartBreak or another.';
COMMENT ON COLUMN timesheet.time_entries.belongs_to_date IS 'Jibble''s belongsToDate, unchanged.';
COMMENT ON COLUMN timesheet.time_entries.workday IS 'The workday the entry counts on (R3).';
COMMENT ON COLUMN timesheet.time_entries.workday_end IS 'The instant at which the entry''s local day ends (R4).';
COMMENT ON COLUMN timesheet.time_entries.is_odd_workday IS 'Jibble''s date was more than a day off and was set aside (R3).';
COMMENT ON COLUMN timesheet.time_entries.unknown_time_zone IS 'What should have been its zone but is none that the server knows, as it was given; null mostly (R13).';
COMMENT ON COLUMN timesheet.time_entries.deleted_at IS 'When the entry was found archived or gone; null while it lives.';
COMMENT ON COLUMN timesheet.time_entries.kind IS 'R1, R2: 0 out, 1 break, 2 work, 3 any other type (ignored by the engines).';
COMMENT ON COLUMN timesheet.time_entries.is_auto_out IS 'Jibble clocked the agent out by itself (R7).';

CREATE TABLE timesheet.hour_entries (
  jibble_id       uuid PRIMARY KEY,
  agent_id        int NOT NULL REFERENCES timesheet.agents,
  client_group_id int REFERENCES timesheet.client_groups,
  activity_id     int REFERENCES timesheet.activities,
  workday         date NOT NULL
    CONSTRAINT hour_entry_workday_must_be_finite CHECK (isfinite(workday))
    CONSTRAINT hour_entry_workday_must_be_from_1900_to_2999 CHECK (workday BETWEEN '1900-01-01' AND '2999-12-31'),
  -- A year and a day: somebody may type in a month's hours on one date, but nobody more. A sum of such cannot overflow.
  seconds         bigint NOT NULL
    CONSTRAINT hour_entry_seconds_must_be_from_0_to_8784_hours CHECK (seconds BETWEEN 0 AND 31622400),
  deleted_at      timestamptz
);
CREATE INDEX hour_entries_session_order ON timesheet.hour_entries (agent_id, workday)
  INCLUDE (client_group_id, activity_id, seconds) WHERE deleted_at IS NULL;
CREATE INDEX hour_entries_client_group ON timesheet.hour_entries (client_group_id);
CREATE INDEX hour_entries_activity ON timesheet.hour_entries (activity_id);
COMMENT ON TABLE timesheet.hour_entries IS 'Time that was typed in as a duration (Jibble''s HourEntries): manual seconds on a date, with no session (R10).';
COMMENT ON COLUMN timesheet.hour_entries.client_group_id IS 'The client group in force at local noon of the date.';
COMMENT ON COLUMN timesheet.hour_entries.seconds IS 'The duration in whole seconds, truncated.';

-- R3 and R4, once for all: where an entry stands in the agent's calendar. Inlined by the planner.
CREATE FUNCTION timesheet.assign_workday(at timestamptz, belongs_to date, zone text, cutoff time, is_overridden boolean)
RETURNS TABLE (workday date, workday_end timestamptz, is_odd boolean)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT
    CASE WHEN is_overridden OR belongs_to IS NULL OR pg_catalog.abs(belongs_to - d.local_date) > 1
         THEN d.local_date ELSE belongs_to END,
    (d.local_date + 1 + cutoff) AT TIME ZONE zone,
    coalesce(NOT is_overridden AND pg_catalog.abs(belongs_to - d.local_date) > 1, false)
  FROM (SELECT ((at AT TIME ZONE zone) - cutoff::pg_catalog.interval)::pg_catalog.date AS local_date) AS d
$$;
COMMENT ON FUNCTION timesheet.assign_workday(timestamptz, date, text, time, boolean) IS
  'The workday of an event, the instant its local day ends, and whether Jibble''s date was set aside (R3, R4). zone must be one that timesheet.usable_time_zone() gave.';

CREATE FUNCTION timesheet.reassign_workdays(of_agents int[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  placed bigint;
  placed_hours bigint;
BEGIN
  UPDATE timesheet.time_entries AS e
  SET client_group_id = n.client_group_id, time_zone = n.time_zone,
      workday = n.workday, workday_end = n.workday_end, is_odd_workday = n.is_odd, unknown_time_zone = n.unknown_time_zone
  FROM (
    SELECT o.jibble_activity_id, t.client_group_id, t.time_zone, t.unknown_time_zone, p.workday, p.workday_end, p.is_odd
    FROM timesheet.time_entries AS o
    CROSS JOIN LATERAL (
      SELECT t.* FROM timesheet.agent_history AS t
      WHERE t.agent_id = o.agent_id AND t.valid_from <= o.start_time_utc ORDER BY t.valid_from DESC LIMIT 1
    ) AS t
    CROSS JOIN LATERAL timesheet.assign_workday(o.start_time_utc, o.belongs_to_date, t.time_zone, t.day_cutoff, t.is_overridden) AS p
    WHERE o.agent_id = ANY (of_agents)
  ) AS n
  WHERE n.jibble_activity_id = e.jibble_activity_id
    AND (e.client_group_id, e.time_zone, e.workday, e.workday_end, e.is_odd_workday, e.unknown_time_zone)
        IS DISTINCT FROM (n.client_group_id, n.time_zone, n.workday, n.workday_end, n.is_odd, n.unknown_time_zone);
  GET DIAGNOSTICS placed = ROW_COUNT;

  UPDATE timesheet.hour_entries AS h
  SET client_group_id = n.client_group_id
  FROM (
    SELECT o.jibble_id, timesheet.client_group_at_noon(o.agent_id, o.workday) AS client_group_id
    FROM timesheet.hour_entries AS o WHERE o.agent_id = ANY (of_agents)
  ) AS n
  WHERE n.jibble_id = h.jibble_id AND h.client_group_id IS DISTINCT FROM n.client_group_id;
  GET DIAGNOSTICS placed_hours = ROW_COUNT;
  RETURN placed + placed_hours;
END
$$;
COMMENT ON FUNCTION timesheet.reassign_workdays(int[]) IS 'Places all entries of these agents anew by timesheet.agent_history; returns how many changed.';

CREATE FUNCTION timesheet.client_group_at_noon(for_agent int, on_date date) RETURNS int
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT t.client_group_id FROM timesheet.agent_history AS t
  WHERE t.agent_id = for_agent AND t.valid_from <= (least(greatest(on_date, '4713-01-31 BC'), '294276-11-30') + time '12:00') AT TIME ZONE coalesce(timesheet.usable_time_zone(t.time_zone), 'UTC')
  ORDER BY t.valid_from DESC LIMIT 1
$$;
COMMENT ON FUNCTION timesheet.client_group_at_noon(int, date) IS 'The client group in force for an agent at local noon of a date (contract §4).';

CREATE FUNCTION timesheet.time_zone_at_noon(for_agent int, on_date date) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(timesheet.usable_time_zone(t.time_zone), timesheet.default_time_zone()) FROM timesheet.agent_history AS t
  WHERE t.agent_id = for_agent AND t.valid_from <= (least(greatest(on_date, '4713-01-31 BC'), '294276-11-30') + time '12:00') AT TIME ZONE coalesce(timesheet.usable_time_zone(t.time_zone), 'UTC')
  ORDER BY t.valid_from DESC LIMIT 1
$$;
COMMENT ON FUNCTION timesheet.time_zone_at_noon(int, date) IS 'The working zone of an agent when timesheet.client_group_at_noon() was its client group: that of hours typed in for the date.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (6, '0006_entries');
