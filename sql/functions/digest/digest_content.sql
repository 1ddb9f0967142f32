-- One statement after another in a STABLE function sees one snapshot: the caller's.
CREATE OR REPLACE FUNCTION timesheet.digest_content(for_contact int, for_week date, for_revision int DEFAULT 1) RETURNS jsonb
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
  corrections jsonb;
  notes jsonb;
  activities jsonb;
  groups jsonb;
  names text[];
  total numeric;
  unconfirmed numeric;
  previous numeric;
  noted bigint;
  corrected bigint;
  has_previous boolean;
  is_revised boolean;
  reported jsonb;
BEGIN
  SELECT c.* INTO STRICT person FROM timesheet.contacts AS c WHERE c.contact_id = for_contact;
  SELECT coalesce(jsonb_agg(to_jsonb(c)), '[]') INTO cells FROM timesheet.digest_cells(for_contact, for_week) AS c;
  SELECT coalesce(jsonb_agg(to_jsonb(c)), '[]'), coalesce(max(c.weeks_changed), 0) INTO changed, corrected FROM timesheet.digest_corrections(for_contact, for_week) AS c;
  corrections := timesheet.digest_corrections_section(changed, for_week, corrections_room);
  notes := timesheet.digest_notes_section(for_contact, for_week, notes_room);
  activities := timesheet.digest_activities_section(for_contact, for_week, activities_room);
  groups := timesheet.digest_groups(for_contact, for_week, cells, all_room
    - (SELECT coalesce(sum(1500 + timesheet.html_length(c ->> 'reasons') + (
         SELECT coalesce(sum(400 + timesheet.html_length(concat(a ->> 'name', a ->> 'client_group'))), 0) FROM jsonb_array_elements(c -> 'agents') AS e (a))), 0)::int
       FROM jsonb_array_elements(corrections) AS e (c))
    - (SELECT coalesce(sum(370 + timesheet.html_length(concat(n ->> 'agent', n ->> 'name', n ->> 'client_group', n ->> 'time_zone', n ->> 'text'))), 0)::int
       FROM jsonb_array_elements((notes -> 'listed') || (notes -> 'more_agents')) AS e (n))
    - (SELECT coalesce(sum(745 + timesheet.html_length(a ->> 'name')), 0)::int FROM jsonb_array_elements(activities -> 'listed') AS e (a)));
  IF groups ->> 'names' = '[]' THEN
    RAISE EXCEPTION '% has no client group', person.email
      USING ERRCODE = 'no_data_found', HINT = 'Name its client groups in Airtable and run timesheetd contacts; see timesheet.contact_problems.';
  END IF;
  names := ARRAY(SELECT n FROM jsonb_array_elements_text(groups -> 'names') AS e (n));
  total := groups ->> 'hours';
  unconfirmed := groups ->> 'unconfirmed';
  noted := notes ->> 'count';
  SELECT coalesce(sum(c.hours), 0.00) INTO previous FROM timesheet.digest_cells(for_contact, for_week - 7) AS c;
  -- A week without hours can be compared with, unless there was nothing yet.
  has_previous := previous <> 0 OR EXISTS (
    SELECT FROM timesheet.digest_schedule(for_week, for_week + 1) AS s
    WHERE s.contact_id = for_contact AND (
      EXISTS (SELECT FROM timesheet.time_entries AS e WHERE e.client_group_id = s.client_group_id AND e.workday < s.first_day AND e.deleted_at IS NULL)
      OR EXISTS (SELECT FROM timesheet.hour_entries AS h WHERE h.client_group_id = s.client_group_id AND h.workday < s.first_day AND h.deleted_at IS NULL)));
  -- What never left replaces nothing.
  is_revised := EXISTS (
    SELECT FROM timesheet.digest_deliveries AS d
    WHERE d.contact_id = for_contact AND d.week = for_week AND d.revision < for_revision AND d.state IN ('sending', 'sent', 'in_doubt'));

  SELECT jsonb_build_object(
    'through_raw_event', (SELECT s.normalised_through FROM timesheet.ingest_state AS s),
    'groups', (
      SELECT jsonb_agg(DISTINCT jsonb_build_array(t.week, t.client_group_id, t.first_day)) FROM (
        SELECT s.week, s.client_group_id, s.first_day FROM timesheet.digest_schedule(for_week, for_week + 1) AS s WHERE s.contact_id = for_contact
        UNION ALL
        SELECT c.week, c.client_group_id, c.first_day FROM jsonb_to_recordset(changed) AS c (week date, client_group_id int, first_day date)) AS t),
    'figures', (
      SELECT coalesce(jsonb_agg(jsonb_build_array(f.week, f.client_group_id, f.agent_id, f.workday, f.work_seconds, f.unconfirmed_seconds, f.hours)), '[]')
      FROM (
        SELECT for_week AS week, c.* FROM jsonb_to_recordset(cells) AS c (client_group_id int, agent_id int, workday date, work_seconds bigint, unconfirmed_seconds bigint, hours numeric)
        UNION ALL
        SELECT c.* FROM jsonb_to_recordset(changed)
          AS c (week date, client_group_id int, agent_id int, workday date, work_seconds bigint, unconfirmed_seconds bigint, hours numeric)
        WHERE c.work_seconds <> 0) AS f)) INTO reported;

  RETURN jsonb_build_object(
    'subject', format('%s: %s h in the %s%s', timesheet.digest_title(names), total, groups ->> 'weeks', CASE WHEN is_revised THEN ' (revised)' ELSE '' END),
    'preheader', concat_ws(' ', total || ' h'
        || CASE WHEN NOT has_previous THEN '.' WHEN total = previous THEN ', as much as the week before.'
           ELSE format(', %s h %s than the week before.', abs(total - previous), CASE WHEN total > previous THEN 'more' ELSE 'less' END) END,
      timesheet.counted(noted, 'note', 'notes') || '.',
      timesheet.counted(corrected, 'correction', 'corrections') || ' to earlier weeks.'),
    'title', timesheet.digest_title(names), 'week', for_week, 'revision', for_revision, 'is_revised', is_revised, 'contact_email', person.email,
    'period', groups ->> 'periods', 'time_zones', coalesce(groups ->> 'time_zones',
      timesheet.time_zone_label(groups ->> 'time_zone')), 'is_empty', total = 0, 'many_groups', cardinality(names) > 1)
  || jsonb_build_object(
    'total', jsonb_build_object('hours', total::text, 'previous', previous::text, 'difference', abs(total - previous)::text, 'has_previous', has_previous,
      'is_more', total > previous, 'is_less', total < previous, 'is_same', total = previous, 'unconfirmed', unconfirmed::text, 'has_unconfirmed', unconfirmed > 0),
    'client_groups', groups -> 'listed', 'has_more_groups', jsonb_array_length(groups -> 'listed') < cardinality(names), 'more_groups', groups -> 'more',
    'activities', activities -> 'listed', 'has_more_activities', (activities ->> 'count')::bigint > 0, 'more_activities', activities -> 'more',
    'has_notes', noted > 0, 'notes', notes -> 'listed', 'has_more_notes', (notes ->> 'more')::bigint > 0, 'more_notes', notes ->> 'more',
    'more_note_agents', notes -> 'more_agents', 'has_other_notes', (notes ->> 'others')::bigint > 0, 'other_notes', notes ->> 'others',
    'has_corrections', corrections <> '[]', 'corrections', corrections, 'has_more_corrections', corrected > jsonb_array_length(corrections),
    'more_corrections', (corrected - jsonb_array_length(corrections))::text,
    'as_of', to_char(now() AT TIME ZONE (groups ->> 'time_zone'), 'Dy FMDD Mon YYYY, HH24:MI') || ' ('
      || timesheet.time_zone_label(groups ->> 'time_zone') || ')',
    'unconfirmed_text', timesheet.unconfirmed_text(), 'reported', reported);
END
$$;
COMMENT ON FUNCTION timesheet.digest_content(int, date, int) IS
  'The digest of a contact for a week (the Monday that is its key) as the templates want it; reported holds the numbers behind it for the outbox. Errors: no_data_found for a contact without client groups.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_content(int, date, int)', 'EXECUTE TO timesheet_ingest');
