-- The one place where text from outside is cleaned: names, addresses, ids, cells of a spreadsheet and zones. What looks
-- alike to a reader becomes the same text, so that it is found, grouped and shown as one.
--
-- Removed are the format characters of Unicode (category Cf: zero-width and direction marks, the soft hyphen, tags)
-- but for those that are printed (U+0600 and its like), and what else shows nothing alone: the joiner U+034F, the
-- vowels U+17B4 and U+17B5, and variation selectors. Blanks are what Unicode calls white space, control characters, and
-- the letters that look empty (U+115F, U+1160, U+2800, U+3164, U+FFA0).
CREATE OR REPLACE FUNCTION timesheet.clean_text(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE
    WHEN given ~ '^[!-~]+( [!-~]+)*$' COLLATE "C" THEN given -- most texts, and the cheapest to see
    ELSE nullif(btrim(regexp_replace(normalize(regexp_replace(given,
        E'[\u00AD\u034F\u061C\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E'
          || E'\u2060-\u206F\uFE00-\uFE0F\uFEFF\uFFF0-\uFFFB'
          || E'\U00013430-\U0001343F\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]' COLLATE "C",
        '', 'g'), NFC),
      E'[\u0001-\u0020\u007F-\u00A0\u115F\u1160\u1680\u2000-\u200A\u2028\u2029'
        || E'\u202F\u205F\u2800\u3000\u3164\uFFA0]+' COLLATE "C",
      ' ', 'g')), '') END
$$;
COMMENT ON FUNCTION timesheet.clean_text(text) IS
  'The text on one line as a reader sees it: in Unicode''s composed form (NFC), without format characters, each run of '
  'blanks and control characters one space, none around it. Null where nothing is left. Letter case stays.';
CALL timesheet.set_grants('FUNCTION timesheet.clean_text(text)');
