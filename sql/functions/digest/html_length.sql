-- Gmail shows no more than 102,400 bytes of the HTML of an e-mail, as it is sent: quoted-printable, of three bytes for
-- each byte that is not ASCII. So every list is cut by the size of its items, as estimated here, and one line sums up
-- what is left out.
CREATE OR REPLACE FUNCTION timesheet.html_length(given text) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT length(l.ascii) + 3 * (octet_length(given) - length(l.ascii))
    + 2 * (length(given) - length(translate(given, '=', '')))
    + 5 * (length(given) - length(translate(given, '&''"<>', '')))
  FROM (SELECT regexp_replace(given, E'[^\u0001-\u007F]' COLLATE "C", '', 'g') AS ascii) AS l
$$;
COMMENT ON FUNCTION timesheet.html_length(text) IS
  'How many bytes the text takes in an e-mail at most, but for line breaks: bytes that are not ASCII and = are written '
  'with three, and &, quotes and angle brackets with up to six.';
CALL timesheet.set_grants('FUNCTION timesheet.html_length(text)');
