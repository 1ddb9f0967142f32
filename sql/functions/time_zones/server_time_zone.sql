-- Nothing but a name of the tz database is tried: PostgreSQL itself also takes POSIX texts, abbreviations (in which CET
-- has no summer) and files that are no zone, such as posixrules. What SET takes is the server's own spelling. Names
-- that are POSIX texts or abbreviations as well, EST5EDT and CET and their like, are taken as what they link to:
-- whether the server has such a file is known from pg_timezone_names alone, which reads all of them each time.
CREATE OR REPLACE FUNCTION timesheet.server_time_zone(given text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
  found text;
BEGIN
  -- Ours: see canonical_time_zone().
  IF given ~ '^<[+-](0[0-9]|1[0-4]):[0-5][0-9]>'
    AND given = left(given, 8) || translate(substr(given, 2, 1), '+-', '-+') || substr(given, 3, 5) THEN
    RETURN CASE WHEN now() AT TIME ZONE given IS NOT NULL THEN given END;
  ELSIF given COLLATE "C" !~*
    ('^((africa|america|antarctica|arctic|asia|atlantic|australia|brazil|canada|chile|europe|indian|mexico|pacific|us)'
        '/[a-z_/-]+'
      || '|etc/(gmt(-([0-9]|1[0-4])|[+]([0-9]|1[0-2])|0)?|utc|uct|universal|zulu|greenwich)'
        '|gmt([+-]?0)?|utc|uct|universal|zulu|greenwich'
      || '|cuba|egypt|eire|gb|gb-eire|hongkong|iceland|iran|israel|jamaica|japan'
        '|kwajalein|libya|nz|nz-chat|navajo|prc|poland|portugal'
      || '|roc|rok|singapore|turkey|w-su)$') THEN
    RETURN NULL;
  END IF;
  found := set_config('TimeZone', given, true);
  -- A file that is missing may still be a POSIX text, which is shown in capitals.
  RETURN CASE WHEN found NOT LIKE '%/%' OR found COLLATE "C" ~ '[a-z]' THEN found END;
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.server_time_zone(text) IS
  'A name of the tz database as this server spells it, or null where it is none that the server knows. Also takes '
  'offsets as timesheet.canonical_time_zone() writes them.';
CALL timesheet.set_grants('FUNCTION timesheet.server_time_zone(text)');
