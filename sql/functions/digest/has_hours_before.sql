CREATE OR REPLACE FUNCTION timesheet.has_hours_before(for_contact int, for_week date) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT EXISTS (
    SELECT FROM timesheet.digest_schedule(for_week, for_week + 1) AS s
    WHERE s.contact_id = for_contact AND (
      EXISTS (SELECT FROM timesheet.time_entries AS e
              WHERE e.client_group_id = s.client_group_id AND e.workday < s.first_day AND e.deleted_at IS NULL)
      OR EXISTS (SELECT FROM timesheet.hour_entries AS h
                 WHERE h.client_group_id = s.client_group_id AND h.workday < s.first_day AND h.deleted_at IS NULL)))
$$;
COMMENT ON FUNCTION timesheet.has_hours_before(int, date) IS
  'Whether a client group of the contact has any entry before the digest week.';
CALL timesheet.set_grants('FUNCTION timesheet.has_hours_before(int, date)');
