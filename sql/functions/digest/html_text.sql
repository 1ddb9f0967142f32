CREATE OR REPLACE FUNCTION timesheet.html_text(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT replace(replace(replace(replace(replace(given, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'),
    '''', '&apos;')
$$;
COMMENT ON FUNCTION timesheet.html_text(text) IS
  'A text as the templates of timesheetd write it into the HTML of an e-mail.';
CALL timesheet.set_grants('FUNCTION timesheet.html_text(text)');
