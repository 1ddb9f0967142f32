-- Objects of one resource. One that cannot be understood is found by halving, of many in parts first, set down as a
-- problem and replaced by its last understood version; it stops no other.
CREATE OR REPLACE FUNCTION timesheet.normalise_objects(of_resource text, ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  half int := cardinality(ids) / 2;
  part CONSTANT int := 250;
  bad bigint;
BEGIN
  BEGIN
    RETURN CASE of_resource
      WHEN 'Groups' THEN timesheet.normalise_names(of_resource, ids)
      WHEN 'Activities' THEN timesheet.normalise_names(of_resource, ids)
      WHEN 'Organizations' THEN timesheet.normalise_organizations(ids)
      WHEN 'People' THEN timesheet.normalise_people(ids)
      WHEN 'TimeTrackingPeople' THEN timesheet.normalise_tracking_people(ids)
      WHEN 'TimeEntries' THEN timesheet.normalise_time_entries(ids)
      WHEN 'HourEntries' THEN timesheet.normalise_hour_entries(ids)
      ELSE 0
    END;
  EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
    IF half = 0 THEN
      SELECT v.raw_event_id INTO bad FROM timesheet.current_versions(of_resource, ids) AS v;
      IF bad IS NULL THEN
        RETURN 0;
      END IF;
      INSERT INTO timesheet.ingest_problems (raw_event_id, problem)
      VALUES (bad, CASE
        WHEN SQLSTATE = '23502' THEN 'a person, a time or date, or a duration is missing or has an unknown form'
        WHEN SQLERRM LIKE '%populate_composite%' THEN 'it is no JSON object, or one nested too deeply for the server'
        ELSE SQLERRM END);
    END IF;
  END;
  IF half = 0 THEN
    RETURN timesheet.normalise_objects(of_resource, ids);
  ELSIF cardinality(ids) > part THEN
    RETURN (SELECT sum(timesheet.normalise_objects(of_resource, ids[begun + 1:begun + part]))
      FROM generate_series(0, cardinality(ids) - 1, part) AS s (begun));
  END IF;
  RETURN timesheet.normalise_objects(of_resource, ids[:half])
    + timesheet.normalise_objects(of_resource, ids[half + 1:]);
END
$$;
COMMENT ON FUNCTION timesheet.normalise_objects(text, uuid[]) IS
  'Writes the normalised rows of these objects; returns how many entries were newly found archived or deleted.';
CALL timesheet.set_grants('FUNCTION timesheet.normalise_objects(text, uuid[])');
