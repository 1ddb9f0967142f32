-- R8: whose activity an event's time counts for. Under carried_on, work without an activity takes that of the work
-- before its breaks, each event closed by the next and all of one workday and client group:
--
--   K   A====b1==b2==w====         w takes A
--   L   A====b1==w====b2==w2       w takes A, and w2 takes it on
--   M   A====b1==o   w             something other than a break is between: w stays without
--
-- Such events form chains: work, breaks, and the work that ends them. Work that has an activity begins a chain of its
-- own; work without one takes the activity of its chain's first event. Where the caller says that nothing is carried
-- on, the planner drops all of this; null leaves it to the setting.
CREATE OR REPLACE FUNCTION timesheet.sql_attributed_events(
  since date, until date, for_agent int, as_of timestamptz, carries_on boolean)
RETURNS TABLE (
  agent_id int, client_group_id int, activity_id int, workday date, is_work boolean, is_break boolean,
  started_at timestamptz, ended_at timestamptz, end_reason timesheet.end_reason, jibble_activity_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  WITH linked AS (
    -- Whether the event before leads on to this one: work by a break, a break by a break or by work.
    SELECT e.*, row_number() OVER earlier AS number,
      coalesce(
        (lag(CASE
          WHEN e.is_work THEN e.end_reason = 'break'
          WHEN e.is_break THEN e.end_reason IN ('break', 'next_activity')
        END) OVER earlier)
        AND (lag(e.workday) OVER earlier) = e.workday
        AND (lag(e.client_group_id) OVER earlier) IS NOT DISTINCT FROM e.client_group_id, false) AS is_led_to
    FROM timesheet.sql_events(since, until, for_agent, as_of) AS e
    WINDOW earlier AS (PARTITION BY e.agent_id ORDER BY e.started_at, e.kind_rank, e.jibble_activity_id)
  ), chained AS (
    SELECT e.*,
      max(e.number) FILTER (WHERE e.is_work AND e.activity_id IS NOT NULL OR NOT e.is_led_to) OVER earlier
        AS first_number
    FROM linked AS e
    WINDOW earlier AS (PARTITION BY e.agent_id ORDER BY e.started_at, e.kind_rank, e.jibble_activity_id)
  ), carried AS (
    SELECT e.*,
      lag(CASE WHEN e.is_work THEN e.activity_id END, (e.number - e.first_number)::int) OVER earlier
        AS chain_activity_id
    FROM chained AS e
    WINDOW earlier AS (PARTITION BY e.agent_id ORDER BY e.started_at, e.kind_rank, e.jibble_activity_id)
  )
  SELECT e.agent_id, e.client_group_id, CASE WHEN e.is_work THEN e.chain_activity_id ELSE e.activity_id END,
    e.workday, e.is_work, e.is_break, e.started_at, e.ended_at, e.end_reason, e.jibble_activity_id
  FROM carried AS e
  WHERE coalesce(carries_on, (SELECT s.activity_after_break = 'carried_on' FROM timesheet.settings AS s))
  UNION ALL
  SELECT e.agent_id, e.client_group_id, e.activity_id,
    e.workday, e.is_work, e.is_break, e.started_at, e.ended_at, e.end_reason, e.jibble_activity_id
  FROM timesheet.sql_events(since, until, for_agent, as_of) AS e
  WHERE NOT coalesce(carries_on, (SELECT s.activity_after_break = 'carried_on' FROM timesheet.settings AS s))
$$;
COMMENT ON FUNCTION timesheet.sql_attributed_events(date, date, int, timestamptz, boolean) IS
  'timesheet.sql_events(), each work event with the activity that its time counts for (R8). carries_on is whether '
  'activities are carried on over breaks; null: as settings.activity_after_break says.';
CALL timesheet.set_grants('FUNCTION timesheet.sql_attributed_events(date, date, int, timestamptz, boolean)');
