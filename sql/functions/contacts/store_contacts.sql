CREATE OR REPLACE FUNCTION timesheet.store_contacts(records json, email_field text, group_field text,
  allow_mass_deletion boolean DEFAULT false, supervisor_field text DEFAULT NULL,
  OUT contacts int, OUT added int, OUT removed int, OUT problems int, OUT held int)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  before int;
BEGIN
  CREATE TEMP TABLE pg_temp.given ON COMMIT DROP AS
  SELECT l.* FROM timesheet.listed_contacts(records, email_field, group_field, supervisor_field) AS l;
  ANALYZE pg_temp.given; -- autovacuum does not, and 20,000 records would be compared each with each
  PERFORM timesheet.take_lock('contacts_lock');
  SELECT count(*) INTO before FROM timesheet.contacts AS c WHERE c.removed_at IS NULL;
  problems := timesheet.store_contact_problems(email_field, group_field, supervisor_field);
  INSERT INTO timesheet.contacts AS c (email)
  SELECT g.email FROM pg_temp.given AS g WHERE g.is_email AND g.emails = 1 GROUP BY g.email ORDER BY min(g.n)
  ON CONFLICT (email) DO UPDATE SET removed_at = NULL WHERE c.removed_at IS NOT NULL;
  GET DIAGNOSTICS added = ROW_COUNT;
  removed := timesheet.remove_unlisted_contacts(before, allow_mass_deletion);
  PERFORM timesheet.store_contact_client_groups();
  PERFORM timesheet.store_supervisors();
  DROP TABLE pg_temp.given;

  SELECT count(*), count(c.missing_since) INTO contacts, held FROM timesheet.contacts AS c WHERE c.removed_at IS NULL;
  IF held > 0 THEN
    PERFORM timesheet.raise_alert('deletions_held', 'contacts',
      format('Airtable no longer lists %s of %s contacts; they get no digest until it does again, or until timesheetd '
        'contacts --allow-mass-deletion removes them', held, contacts));
  ELSE
    PERFORM timesheet.resolve_alert('deletions_held', 'contacts');
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.store_contacts(json, text, text, boolean, text) IS
  'Makes the contacts what this whole list of Airtable records says. A list that lost more than half is held back '
  'unless allow_mass_deletion: those it does not show are kept with missing_since, without digests, until it shows '
  'them again. supervisor_field: where a record names who gets the briefing of its client groups; null: none. '
  'Returns how many contacts there are, were added or came back, were removed, how many problems are in '
  'timesheet.contact_problems, and how many are held. Errors, changing nothing: invalid_parameter_value, '
  'program_limit_exceeded, statement_too_complex.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.store_contacts(json, text, text, boolean, text)',
  'EXECUTE TO timesheet_ingest');
