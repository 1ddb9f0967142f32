-- Gmail shows no more than 102 KB of an e-mail, and a name may take many times its letters. So every list is cut by
-- the size of its items, as estimated here, and what is left out is summed up in one line.
CREATE OR REPLACE FUNCTION timesheet.html_length(given text) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT octet_length(given)
    + 5 * (2 * length(given) - length(translate(given, '&''"', '')) - length(translate(given, '<>', '')))
$$;
COMMENT ON FUNCTION timesheet.html_length(text) IS
  'How many bytes the text takes in an e-mail at most: &, quotes and angle brackets are written with up to six.';
CALL timesheet.set_grants('FUNCTION timesheet.html_length(text)');
