-- One statement after another in a STABLE function sees one snapshot: the caller's.
CREATE OR REPLACE FUNCTION timesheet.digest_content(for_contact int, for_week date, for_revision int DEFAULT 1)
  RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  -- Bytes: what is left for client groups and agents is what the rest does not take.
  all_room CONSTANT int := 93000;
  corrections_room CONSTANT int := 16000;
  notes_room CONSTANT int := 20000;
  activities_room CONSTANT int := 12000;
  person timesheet.contacts;
  cells jsonb;
  changed jsonb;
  corrected bigint;
  corrections jsonb;
  noted jsonb;
  notes jsonb;
  names jsonb;
  activities jsonb;
  groups jsonb;
  is_revised boolean;
BEGIN
  SELECT c.* INTO STRICT person FROM timesheet.contacts AS c WHERE c.contact_id = for_contact;
  SELECT coalesce(jsonb_agg(to_jsonb(c)), '[]') INTO cells FROM timesheet.digest_cells(for_contact, for_week) AS c;
  SELECT coalesce(jsonb_agg(to_jsonb(c)), '[]'), coalesce(max(c.weeks_changed), 0) INTO changed, corrected
  FROM timesheet.digest_corrections(for_contact, for_week) AS c;
  SELECT coalesce(jsonb_agg(to_jsonb(n)), '[]') INTO noted FROM timesheet.digest_notes(for_contact, for_week) AS n;
  names := timesheet.digest_names(for_contact, for_week, cells, changed, noted);
  corrections := timesheet.digest_corrections_section(changed, names, for_week, corrections_room);
  notes := timesheet.digest_notes_section(noted, names, notes_room);
  activities := timesheet.digest_activities_section(for_contact, for_week, activities_room);
  groups := timesheet.digest_groups(for_contact, for_week, cells, names,
    all_room - timesheet.digest_sections_length(corrections, notes, activities));
  IF groups ->> 'names' = '[]' THEN
    RAISE EXCEPTION '% has no client group that is active or had hours in the week of %', person.email, for_week
      USING ERRCODE = 'no_data_found',
        HINT = 'Name its client groups in Airtable and run timesheetd contacts; see timesheet.contact_problems.';
  END IF;
  -- What never left replaces nothing.
  is_revised := EXISTS (
    SELECT FROM timesheet.digest_deliveries AS d
    WHERE d.contact_id = for_contact AND d.week = for_week AND d.revision < for_revision
      AND d.state IN ('sending', 'sent', 'in_doubt'));
  RETURN timesheet.digest_head(for_contact, for_week, groups, is_revised, (notes ->> 'count')::bigint, corrected)
    || jsonb_build_object(
    'week', for_week, 'revision', for_revision, 'is_revised', is_revised, 'contact_email', person.email,
    'client_groups', groups -> 'listed', 'more_groups', groups -> 'more',
    'has_more_groups', jsonb_array_length(groups -> 'listed') < jsonb_array_length(groups -> 'names'),
    'activities', activities -> 'listed', 'more_activities', activities -> 'more',
    'has_more_activities', (activities ->> 'count')::bigint > 0,
    'has_notes', (notes ->> 'count')::bigint > 0, 'notes', notes -> 'listed',
    'has_more_notes', (notes ->> 'more')::bigint > 0, 'more_notes', notes ->> 'more',
    'more_note_agents', notes -> 'more_agents',
    'has_other_notes', (notes ->> 'others')::bigint > 0, 'other_notes', notes ->> 'others',
    'has_corrections', corrections <> '[]', 'corrections', corrections,
    'has_more_corrections', corrected > jsonb_array_length(corrections),
    'more_corrections', (corrected - jsonb_array_length(corrections))::text,
    'unconfirmed_text', timesheet.unconfirmed_text(),
    'reported', timesheet.digest_reported(for_contact, for_week, cells, changed) || jsonb_build_object(
      'agents', ARRAY(SELECT k.id::int FROM jsonb_object_keys(names -> 'agents') AS k (id) ORDER BY 1)));
END
$$;
COMMENT ON FUNCTION timesheet.digest_content(int, date, int) IS
  'The digest of a contact for a week (the Monday that is its key) as the templates want it; reported holds the '
  'numbers behind it and the agents that it names for the outbox. Errors: no_data_found for a contact without '
  'client groups that are active in Jibble or had hours in the week.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_content(int, date, int)', 'EXECUTE TO timesheet_ingest');
