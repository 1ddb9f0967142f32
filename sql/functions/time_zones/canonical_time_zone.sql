-- One reading of a zone's text, wherever Jibble's or a person's becomes a zone. "UTC+08:00" lies east, as in ISO 8601,
-- though to PostgreSQL that text lies west, and so does Etc/GMT+8.
CREATE OR REPLACE FUNCTION timesheet.canonical_time_zone(given text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  name CONSTANT text := timesheet.clean_text(given);
  key CONSTANT text := lower(name COLLATE "C");
  part CONSTANT text[] := regexp_match(key, E'^(?:utc|gmt) *([+\u2212-]) *([0-9]{1,2})(?::?([0-5][0-9]))?$');
  east CONSTANT boolean := part[1] = '+';
  minutes CONSTANT int := 60 * part[2]::int + coalesce(part[3], '0')::int;
  found text;
BEGIN
  IF name IS NULL OR length(name) > 100 THEN
    RETURN NULL;
  END IF;
  found := timesheet.server_time_zone(name);
  IF found IS NOT NULL THEN
    RETURN found;
  END IF;
  IF part IS NOT NULL THEN
    IF minutes > (CASE WHEN east THEN 14 ELSE 12 END) * 60 THEN
      RETURN NULL; -- no place has such an offset
    END IF;
    RETURN coalesce(
      CASE WHEN minutes = 0 THEN coalesce(timesheet.server_time_zone('Etc/UTC'), 'UTC')
           WHEN minutes % 60 = 0
             THEN timesheet.server_time_zone('Etc/GMT' || CASE WHEN east THEN '-' ELSE '+' END || minutes / 60) END,
      (SELECT '<' || CASE WHEN east THEN '+' ELSE '-' END || o.clock || '>'
          || CASE WHEN east THEN '-' ELSE '+' END || o.clock
       FROM (SELECT lpad((minutes / 60)::text, 2, '0') || ':' || lpad((minutes % 60)::text, 2, '0')) AS o (clock)));
  END IF;
  -- What it links to, for Windows' names through the name that CLDR gives; else another name of the zone that the
  -- server knows.
  SELECT k.known INTO found
  FROM (
    SELECT a.zone, 1 AS rank FROM timesheet.time_zone_aliases AS a WHERE lower(a.alias COLLATE "C") = key
    UNION ALL
    SELECT b.zone, 0 FROM timesheet.time_zone_aliases AS a
    JOIN timesheet.time_zone_aliases AS b ON b.alias = a.zone AND b.source = 'link'
    WHERE lower(a.alias COLLATE "C") = key
    UNION ALL
    SELECT b.alias, 2 FROM timesheet.time_zone_aliases AS b
    WHERE b.source = 'link' AND (lower(b.zone COLLATE "C") = key OR b.zone IN (
      SELECT a.zone FROM timesheet.time_zone_aliases AS a WHERE lower(a.alias COLLATE "C") = key))
  ) AS c
  CROSS JOIN LATERAL (SELECT timesheet.server_time_zone(c.zone)) AS k (known)
  WHERE k.known IS NOT NULL
  ORDER BY c.rank, k.known LIMIT 1;
  RETURN found;
END
$$;
COMMENT ON FUNCTION timesheet.canonical_time_zone(text) IS
  'The zone that a text names, as AT TIME ZONE takes it on this server: a name of the tz database in any case of '
  'letters, an older one that the server lacks (then what it links to), a Windows name, or UTC±hh:mm (also GMT±h), '
  'which is east where it has a plus. Null for any other text, POSIX texts and abbreviations included.';
CALL timesheet.set_grants('FUNCTION timesheet.canonical_time_zone(text)');
