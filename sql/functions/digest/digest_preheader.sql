CREATE OR REPLACE FUNCTION timesheet.digest_preheader(total numeric, previous numeric, has_previous boolean,
  noted bigint, corrected bigint) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT concat_ws(' ', total || ' h'
      || CASE WHEN NOT has_previous THEN '.' WHEN total = previous THEN ', as much as the week before.'
         ELSE format(', %s h %s than the week before.', abs(total - previous),
           CASE WHEN total > previous THEN 'more' ELSE 'less' END) END,
    timesheet.counted(noted, 'note', 'notes') || '.',
    timesheet.counted(corrected, 'correction', 'corrections') || ' to earlier weeks.')
$$;
COMMENT ON FUNCTION timesheet.digest_preheader(numeric, numeric, boolean, bigint, bigint) IS
  'A digest in a line, which mailboxes show next to its subject.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_preheader(numeric, numeric, boolean, bigint, bigint)');
