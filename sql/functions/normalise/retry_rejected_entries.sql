-- Jibble shows a rejected entry unchanged, and an unchanged object is not stored again: it would remain rejected
-- although the cause has ended, such as a fault of ours that an upgrade corrected. All at once first; where some still
-- cannot be understood, each is tried alone, so for two seconds of a run: some hundreds.
CREATE OR REPLACE FUNCTION timesheet.retry_rejected_entries(through_raw_event bigint) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  of_resource text;
  problems bigint[];
  ids uuid[];
  began timestamptz;
BEGIN
  FOREACH of_resource IN ARRAY ARRAY['TimeEntries', 'HourEntries'] LOOP
    began := clock_timestamp();
    LOOP
      SELECT array_agg(c.raw_event_id), array_agg(c.jibble_id) INTO problems, ids FROM (
        SELECT p.raw_event_id, r.jibble_id
        FROM timesheet.ingest_problems AS p JOIN timesheet.raw_events AS r USING (raw_event_id)
        WHERE p.raw_event_id <= through_raw_event AND p.tried_at < now() AND r.resource = of_resource
          AND timesheet.id_or_null(r.jibble_id) IS NOT NULL
          AND NOT EXISTS (SELECT FROM timesheet.raw_events AS l
            WHERE l.jibble_id = r.jibble_id AND l.resource = r.resource AND l.raw_event_id > r.raw_event_id)
        ORDER BY p.tried_at, p.raw_event_id LIMIT 250
      ) AS c;
      EXIT WHEN ids IS NULL;
      BEGIN
        DELETE FROM timesheet.ingest_problems AS p WHERE p.raw_event_id = ANY (problems);
        IF of_resource = 'TimeEntries' THEN
          PERFORM timesheet.normalise_time_entries(ids);
        ELSE
          PERFORM timesheet.normalise_hour_entries(ids);
        END IF;
      EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
        FOR n IN 0..9 LOOP
          DELETE FROM timesheet.ingest_problems AS p WHERE p.raw_event_id = ANY (problems[25 * n + 1:25 * n + 25]);
          PERFORM timesheet.normalise_objects(of_resource, ids[25 * n + 1:25 * n + 25]);
          EXIT WHEN clock_timestamp() > began + interval '2 seconds';
        END LOOP;
        EXIT WHEN clock_timestamp() > began + interval '2 seconds';
      END;
    END LOOP;
  END LOOP;
END
$$;
COMMENT ON FUNCTION timesheet.retry_rejected_entries(bigint) IS
  'Tries again to read entries whose last version, up to this raw event, was rejected, those first that were not tried '
  'for longest: all where all can be understood now, else for two seconds of each resource.';
CALL timesheet.set_grants('FUNCTION timesheet.retry_rejected_entries(bigint)');
