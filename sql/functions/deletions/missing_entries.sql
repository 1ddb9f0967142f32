-- What Jibble no longer shows. It has no list of deletions: an entry is deleted if a window that was read whole
-- lacks it and a question for its id, in a form that has just found an entry that is known to live, finds nothing
-- (its date may just have been edited). What cannot be proven so, and what belongs to a person who was deleted
-- too, is held back until a person decides.
--
--   listed ──▶ missing ──asked by id──▶ found: it lives, on another date
--                │                 └──▶ found by nothing ──▶ a tombstone: deleted
--                │                                     ├──▶ its person is deleted: held (person_deleted)
--                │                                     └──▶ of all people but one nothing is found:
--                │                                          held (person_not_shown)
--                └──nothing else is listed, nor is an entry of other days found ──▶ held (nothing_listed)
--
-- What is held as person_not_shown stays so until something of its person is found, even if later windows show other
-- people. Both lists are read before anything is decided: a person missing in either, or held already, counts.
CREATE OR REPLACE FUNCTION timesheet.missing_entries(resource text, since date, until date, seen uuid[])
RETURNS TABLE (jibble_id uuid, person_id uuid, is_dated boolean, is_held boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
BEGIN
  IF resource NOT IN ('TimeEntries', 'HourEntries') THEN
    RAISE EXCEPTION 'resource "%" has no window of days', resource
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use TimeEntries or HourEntries.';
  END IF;
  RETURN QUERY
    WITH live AS (
      SELECT e.jibble_activity_id AS id, e.agent_id, true AS has_date FROM timesheet.time_entries AS e
      WHERE resource = 'TimeEntries' AND e.deleted_at IS NULL AND e.belongs_to_date BETWEEN since AND until
      UNION ALL
      SELECT e.jibble_activity_id, e.agent_id, false FROM timesheet.time_entries AS e
      WHERE resource = 'TimeEntries' AND e.deleted_at IS NULL AND e.belongs_to_date IS NULL
        AND e.workday BETWEEN since AND until
      UNION ALL
      SELECT e.jibble_id, e.agent_id, true FROM timesheet.hour_entries AS e
      WHERE resource = 'HourEntries' AND e.deleted_at IS NULL AND e.workday BETWEEN since AND until
    ), missing AS MATERIALIZED (
      SELECT l.id, a.jibble_id AS person, l.has_date FROM live AS l JOIN timesheet.agents AS a USING (agent_id)
      WHERE NOT EXISTS (SELECT FROM unnest(seen) AS s (id) WHERE s.id = l.id)
    ), underived AS MATERIALIZED (
      SELECT u.jibble_id AS id, timesheet.guid_or_null(u.person_id) AS person, u.is_dated AS has_date
      FROM (
        SELECT d.* FROM timesheet.underived_entries(resource, seen) AS d
        UNION
        SELECT r.* FROM timesheet.rejected_entries(resource, seen) AS r
      ) AS u
      WHERE u.on_date BETWEEN since::text AND until::text
    )
    SELECT o.id, o.person, o.has_date,
      EXISTS (SELECT FROM timesheet.held_deletions AS h
              WHERE h.resource = missing_entries.resource AND h.jibble_id = o.id AND h.reason = 'person_deleted')
        AND timesheet.is_tombstoned('People', o.person)
    FROM (
      SELECT m.id, m.person, m.has_date AND u.has_date IS NOT FALSE AS has_date FROM missing AS m
        LEFT JOIN underived AS u USING (id)
      UNION ALL
      SELECT u.id, u.person, u.has_date FROM underived AS u
        WHERE NOT EXISTS (SELECT FROM missing AS m WHERE m.id = u.id)
    ) AS o
    ORDER BY 1;
END
$$;
COMMENT ON FUNCTION timesheet.missing_entries(text, date, date, uuid[]) IS
  'Entries that Jibble dates in [since, until], both included (or, without a date of Jibble''s, whose workday lies '
  'there), live, not yet derived or rejected, and that are not among those seen: of a window that was read whole, the '
  'ones to ask for by id. With each its person''s Jibble id, whether Jibble gave it a date, and whether it is held '
  'back because its person was found deleted, and still is.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.missing_entries(text, date, date, uuid[])',
  'EXECUTE TO timesheet_ingest');
