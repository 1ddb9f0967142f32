-- Ids are written with hyphens, those of a word processor too, or without.
CREATE OR REPLACE FUNCTION timesheet.mentions_person(payload json, person uuid) RETURNS boolean
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT strpos(t.said, person::text) > 0 OR strpos(t.said, replace(person::text, '-', '')) > 0
    OR (t.said ~ E'[^\\x01-\\x7f]|\\\\' AND (
      strpos(translate(t.said, E'-\u2010\u2011\u2012\u2013\u2014\u2212', ''), replace(person::text, '-', '')) > 0
      OR coalesce(timesheet.guid_or_null(timesheet.member(timesheet.readable(payload), 'personId')) = person, false)))
  FROM (SELECT lower(payload::text COLLATE "C") AS said) AS t
$$;
COMMENT ON FUNCTION timesheet.mentions_person(json, uuid) IS
  'Whether the payload has the person''s Jibble id anywhere in its text, or as its personId. Null for a tombstone.';
CALL timesheet.set_grants('FUNCTION timesheet.mentions_person(json, uuid)');
