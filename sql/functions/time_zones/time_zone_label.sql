-- For people: Etc/GMT-8 is eight hours east, which the name does not suggest. Inlined by the planner.
CREATE OR REPLACE FUNCTION timesheet.time_zone_label(zone text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN zone ~ '^<[+-][0-9:]+>' THEN 'UTC' || split_part(substr(zone, 2), '>', 1)
  WHEN zone ~ '^Etc/GMT[+-][1-9]'
    THEN 'UTC' || translate(substr(zone, 8, 1), '+-', '-+') || lpad(substr(zone, 9), 2, '0') || ':00'
  ELSE zone END;
COMMENT ON FUNCTION timesheet.time_zone_label(text) IS
  'A zone as people are shown it: its name, or UTC±hh:mm where it is an offset.';
CALL timesheet.set_grants('FUNCTION timesheet.time_zone_label(text)', 'EXECUTE TO timesheet_reader');
