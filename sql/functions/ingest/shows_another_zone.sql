-- Time tracking and the workspace show the same zones. Where one is asked again after the other was, the zone that it
-- still shows is news if the other has shown another one meanwhile: A, B, A is three versions, whichever showed B. That
-- there is none, as time tracking still shows, is news as well if the workspace was used in its place and named one.
CREATE OR REPLACE FUNCTION timesheet.shows_another_zone(of_resource text, id uuid, object json, after_raw_event bigint)
RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT json_typeof(object) = 'object' AND EXISTS (
    SELECT FROM (
      SELECT v.*, timesheet.zone_text(timesheet.readable(object), v.own) AS zone
      FROM (VALUES ('TimeTrackingPeople', 'timeZone', 'People', 'ICultureSettings/TimeZone'),
        ('TimeTrackingPeople', 'timeSheetTimeZone', 'People', 'ICalculationSettings/TimeSheetTimeZone'),
        ('People', 'ICultureSettings/TimeZone', 'TimeTrackingPeople', 'timeZone'),
        ('People', 'ICalculationSettings/TimeSheetTimeZone', 'TimeTrackingPeople', 'timeSheetTimeZone'))
        AS v (resource, own, other_resource, others)
      WHERE v.resource = of_resource
    ) AS m
    CROSS JOIN LATERAL (
      SELECT r.raw_event_id, z.zone FROM timesheet.raw_events AS r
      CROSS JOIN LATERAL (
        SELECT timesheet.zone_text(timesheet.readable(r.payload), m.others) WHERE json_typeof(r.payload) = 'object'
      ) AS z (zone)
      WHERE r.jibble_id = id AND r.resource = m.other_resource AND r.raw_event_id > after_raw_event
        AND z.zone IS NOT NULL
      ORDER BY r.raw_event_id DESC LIMIT 1
    ) AS other
    WHERE other.zone <> m.zone
       OR m.zone IS NULL AND of_resource = 'TimeTrackingPeople' AND timesheet.readable(object) -> m.own IS NOT NULL
         AND other.raw_event_id > timesheet.names_zones_since(of_resource) AND timesheet.time_tracking_names_zones())
$$;
COMMENT ON FUNCTION timesheet.shows_another_zone(text, uuid, json, bigint) IS
  'Whether this object of one of People and TimeTrackingPeople names another zone than the other resource did last, '
  'after that raw event; or, of time tracking, which names zones, none where the workspace did.';
CALL timesheet.set_grants('FUNCTION timesheet.shows_another_zone(text, uuid, json, bigint)');
