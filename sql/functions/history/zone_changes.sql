-- Time tracking and the workspace show the same zones of a person, and which of them is asked depends on which answers.
-- So what they show is one history, in the order in which it was seen:
--
--   time tracking   Manila                  Manila            the first holds from the beginning of time; a zone other
--   workspace                Paris  Paris                     than the one seen before holds from when it was seen,
--   zone            Manila   Paris          Manila            whichever of them showed it
--
-- A null says that there is none only where the same source named the last one; from another it says nothing. But
-- where a source that names zones has said that a person has none, the other one used in its place is news of then,
-- not of the past; and time tracking saying so again ends that:
--
--   time tracking   none           none              Some accounts have a zone in one of the two only:
--   workspace              London                    an outage must not move a whole history there
--   zone            –      London  –
CREATE OR REPLACE FUNCTION timesheet.zone_changes(of_person uuid)
RETURNS TABLE (resource text, is_sheet boolean, zone text, valid_from timestamptz, raw_event_id bigint)
LANGUAGE plpgsql STABLE -- which keeps the plan: it is asked for every agent, twice
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    WITH shown AS (
      SELECT o.resource, o.raw_event_id, o.fetched_at, o.valid_from, m.zone, m.is_sheet,
        o.resource = 'Organizations' AS is_of_all, o.jibble_id,
        lag(o.fetched_at) OVER history AS seen_before,
        max(o.raw_event_id) FILTER (WHERE m.zone IS NOT NULL) OVER before AS last_named,
        max(o.raw_event_id) FILTER (WHERE m.zone IS NOT NULL) OVER before_there AS last_named_there,
        row_number() OVER there = 1 AS is_first_there,
        coalesce(bool_or(o.resource = 'TimeTrackingPeople') OVER before
            AND o.raw_event_id > (SELECT timesheet.names_zones_since('TimeTrackingPeople'))
          OR bool_or(o.resource = 'People') OVER before
            AND o.raw_event_id > (SELECT timesheet.names_zones_since('People')), false) AS was_answered
      FROM timesheet.attribute_history AS o
      CROSS JOIN LATERAL (VALUES (true, o.sheet_zone, o.names_sheet_zone),
        (false, o.culture_zone, o.names_culture_zone)) AS m (is_sheet, zone, is_named)
      WHERE m.is_named AND (o.resource = 'Organizations'
        OR o.resource IN ('People', 'TimeTrackingPeople') AND o.jibble_id = of_person)
      WINDOW history AS (PARTITION BY o.resource = 'Organizations', o.jibble_id, m.is_sheet ORDER BY o.raw_event_id),
        before AS (PARTITION BY o.resource = 'Organizations', o.jibble_id, m.is_sheet
          ORDER BY o.raw_event_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        there AS (PARTITION BY o.resource, o.jibble_id, m.is_sheet ORDER BY o.raw_event_id),
        before_there AS (PARTITION BY o.resource, o.jibble_id, m.is_sheet
          ORDER BY o.raw_event_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ), counted AS (
      SELECT s.*, row_number() OVER history = 1 OR s.zone IS DISTINCT FROM lag(s.zone) OVER history AS is_change,
        -- The first zone that either source names, unless one said before that there was none.
        row_number() OVER history = 1
          OR s.last_named IS NULL AND s.is_first_there AND s.zone IS NOT NULL AND NOT s.was_answered AS is_first
      FROM shown AS s
      WHERE s.zone IS NOT NULL OR s.last_named IS NOT DISTINCT FROM s.last_named_there
         OR s.resource = 'TimeTrackingPeople'
           AND s.last_named > (SELECT timesheet.names_zones_since('TimeTrackingPeople'))
      WINDOW history AS (PARTITION BY s.is_of_all, s.jibble_id, s.is_sheet ORDER BY s.raw_event_id)
    )
    SELECT c.resource, c.is_sheet, c.zone,
      CASE WHEN c.is_first THEN '-infinity' WHEN c.valid_from > c.seen_before THEN c.valid_from
        ELSE c.fetched_at END, c.raw_event_id
    FROM counted AS c WHERE c.is_change;
END
$$;
COMMENT ON FUNCTION timesheet.zone_changes(uuid) IS
  'The changes of a person''s time sheet''s zone (is_sheet) and own zone, and of the organisation''s, as they came, '
  'each from when it holds: the first from the beginning of time, a later one from updatedAt if that lies between '
  'when the zone was seen before and then, else from when it was seen.';
CALL timesheet.set_grants('FUNCTION timesheet.zone_changes(uuid)');
