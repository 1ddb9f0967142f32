CREATE OR REPLACE FUNCTION timesheet.replay_lists(resources text[], ids uuid[], firsts bigint[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  of_resource text;
  batch uuid[];
BEGIN
  DELETE FROM timesheet.ingest_problems AS p USING timesheet.raw_events AS r
  WHERE r.raw_event_id = p.raw_event_id
    AND (r.resource NOT IN ('TimeEntries', 'HourEntries') OR timesheet.id_or_null(r.jibble_id) IS NULL);
  DELETE FROM timesheet.attribute_history;
  PERFORM timesheet.reject_without_id(0, (SELECT max(r.raw_event_id) FROM timesheet.raw_events AS r));
  FOREACH of_resource IN ARRAY ARRAY['Groups', 'Activities', 'Organizations', 'People', 'TimeTrackingPeople'] LOOP
    FOR batch IN
      SELECT array_agg(n.id ORDER BY n.place) FROM (
        SELECT o.id, row_number() OVER first_seen AS place, row_number() OVER first_seen / 250 AS number
        FROM (SELECT k.id, min(k.raw_event_id) AS raw_event_id
              FROM unnest(resources, ids, firsts) AS k (resource, id, raw_event_id)
              WHERE k.resource = of_resource GROUP BY k.id) AS o -- one may be listed twice
        WINDOW first_seen AS (ORDER BY o.raw_event_id)
      ) AS n
      GROUP BY n.number ORDER BY n.number
    LOOP
      PERFORM timesheet.normalise_objects(of_resource, batch);
    END LOOP;
  END LOOP;
END
$$;
COMMENT ON FUNCTION timesheet.replay_lists(text[], uuid[], bigint[]) IS
  'Rebuilds client groups, activities, people and timesheet.attribute_history from all raw events of these objects '
  '(three arrays that belong together, as timesheet.listed_objects() gives them), and what was wrong with them.';
CALL timesheet.set_grants('FUNCTION timesheet.replay_lists(text[], uuid[], bigint[])');
