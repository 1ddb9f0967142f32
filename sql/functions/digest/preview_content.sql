CREATE OR REPLACE FUNCTION timesheet.preview_content(for_contact int, for_week date) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  said CONSTANT jsonb := timesheet.digest_content(for_contact, for_week);
  line text;
BEGIN
  SELECT concat_ws(' ',
    format('Preview for staff of the digest for %s, week of %s, with the numbers of %s.', c.email, said ->> 'period',
      said ->> 'as_of'),
    CASE WHEN c.removed_at IS NOT NULL THEN 'This contact was removed, as Airtable does not list the address any more, '
      'and gets no digest.' END,
    CASE WHEN c.unsubscribed_at IS NOT NULL THEN 'This contact has unsubscribed and gets no digest.' END,
    CASE WHEN c.removed_at IS NULL AND c.missing_since IS NOT NULL THEN 'Airtable does not list this contact any more, '
      'and its removal is held back: it gets no digest until that is decided.' END,
    'The links of the digest are left out here.') INTO line
  FROM timesheet.contacts AS c WHERE c.contact_id = for_contact;
  RETURN said || jsonb_build_object('subject', 'Preview: ' || (said ->> 'subject'), 'preheader', line,
    'is_preview', true, 'preview_text', line);
END
$$;
COMMENT ON FUNCTION timesheet.preview_content(int, date) IS
  'timesheet.digest_content() for a member of staff: its subject and its first line say that it is a preview, of which '
  'contact and week, and whether the contact gets digests.';
CALL timesheet.set_grants('FUNCTION timesheet.preview_content(int, date)');
