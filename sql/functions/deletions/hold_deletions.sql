CREATE OR REPLACE FUNCTION timesheet.hold_deletions(for_run bigint, resource text, since date, until date, held uuid[],
  people uuid[], reasons text[]) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  released int;
BEGIN
  IF cardinality(held) IS DISTINCT FROM cardinality(people)
    OR cardinality(held) IS DISTINCT FROM cardinality(reasons) THEN
    RAISE EXCEPTION 'held has % elements, people has %, reasons has %', cardinality(held), cardinality(people),
      cardinality(reasons)
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Pass one person, or null, and one reason for each id.';
  END IF;
  PERFORM timesheet.require_open_run(for_run);
  DELETE FROM timesheet.held_deletions AS h
  WHERE h.resource = hold_deletions.resource AND h.jibble_id <> ALL (held) AND (
    h.resource NOT IN ('TimeEntries', 'HourEntries')
    -- Those of other days were not asked about. What is not in the tables yet is held again if it has to be.
    OR NOT EXISTS (SELECT FROM timesheet.time_entries AS e WHERE e.jibble_activity_id = h.jibble_id
      AND e.deleted_at IS NULL
                   AND coalesce(e.belongs_to_date, e.workday) NOT BETWEEN since AND until)
   AND NOT EXISTS (SELECT FROM timesheet.hour_entries AS e WHERE e.jibble_id = h.jibble_id AND e.deleted_at IS NULL
     AND e.workday NOT BETWEEN since AND until));
  GET DIAGNOSTICS released = ROW_COUNT;
  INSERT INTO timesheet.held_deletions AS h (resource, jibble_id, person_id, reason)
  SELECT hold_deletions.resource, n.id, n.person, n.reason FROM unnest(held, people, reasons) AS n (id, person, reason)
  ON CONFLICT ON CONSTRAINT held_deletions_pkey DO UPDATE SET person_id = excluded.person_id, reason = excluded.reason
  WHERE (h.person_id, h.reason) IS DISTINCT FROM (excluded.person_id, excluded.reason);
  -- Of what a run that failed left raw, days and names come later than the first alert.
  IF released > 0 OR cardinality(held) > 0 THEN
    PERFORM timesheet.update_deletion_alerts();
  END IF;
  RETURN (SELECT count(*) FROM timesheet.held_deletions AS h WHERE h.resource = hold_deletions.resource);
END
$$;
COMMENT ON FUNCTION timesheet.hold_deletions(bigint, text, date, date, uuid[], uuid[], text[]) IS
  'Says which entries of the days [since, until], both included, or which people, groups or activities, a run holds '
  'back, with the person of each and the reason; those held before and not named any more are released. Alerts follow. '
  'Returns how many of the resource are held, on all days.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.hold_deletions(bigint, text, date, date, uuid[], uuid[], text[])',
  'EXECUTE TO timesheet_ingest');
