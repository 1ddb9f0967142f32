-- By the C collation, as elsewhere a capital I may become another letter than i.
CREATE OR REPLACE FUNCTION timesheet.listed_addresses(cell text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT l.text FROM lower(cell COLLATE "C") AS c (text), unnest(CASE
    -- A text that is a list of addresses, such as Airtable's own from other records.
    WHEN c.text ~ '^[^ ,;@]+@[^ ,;@]+([,; ]+[^ ,;@]+@[^ ,;@]+)+$' THEN regexp_split_to_array(c.text, '[,; ]+')
    ELSE ARRAY[c.text] END) AS l (text)
$$;
COMMENT ON FUNCTION timesheet.listed_addresses(text) IS
  'The addresses in a text that is one or a list of them, with commas or blanks, in lower case; a text that is neither '
  'is one.';
CALL timesheet.set_grants('FUNCTION timesheet.listed_addresses(text)');
