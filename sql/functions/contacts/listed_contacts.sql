-- Every address of every record, and every client group that the record names.
CREATE OR REPLACE FUNCTION timesheet.listed_contacts(records json, email_field text, group_field text)
RETURNS TABLE (n bigint, record_id text, email text, emails bigint, is_email boolean, named text[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  IF json_typeof(records) IS DISTINCT FROM 'array' THEN
    RAISE EXCEPTION 'the contacts'' list is %, not a list of records',
      coalesce('a JSON ' || json_typeof(records), 'null')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the records of an Airtable table as one JSON array.';
  END IF;
  IF octet_length(records::text) > 40000000 OR json_array_length(records) > 100000 THEN
    RAISE EXCEPTION 'the contacts'' list has % bytes and % records; 40000000 and 100000 are the most',
      octet_length(records::text), json_array_length(records)
      USING ERRCODE = 'program_limit_exceeded', HINT = 'Check that AIRTABLE_TABLE is the table of contacts.';
  END IF;
  RETURN QUERY
    SELECT r.n, timesheet.clean_text(timesheet.readable(r.record) ->> 'id'), m.email, m.emails,
      timesheet.is_email(m.email),
      ARRAY(SELECT DISTINCT coalesce(timesheet.guid_or_null(p.part)::text, lower(p.part))
            FROM timesheet.cell_texts(f.fields -> group_field) AS t,
              regexp_split_to_table(t, E'[,;/ \u3001\uFF0C\uFF1B]+') AS p (part)
            WHERE NOT timesheet.is_no_id(p.part))
    FROM json_array_elements(records) WITH ORDINALITY AS r (record, n)
    CROSS JOIN LATERAL (SELECT timesheet.readable(r.record) -> 'fields' AS fields) AS f
    CROSS JOIN LATERAL (
      -- By the C collation, as elsewhere a capital I may become another letter than i.
      SELECT min(l.text) AS email, count(DISTINCT l.text) AS emails FROM timesheet.cell_texts(f.fields -> email_field)
        AS t, lower(t COLLATE "C") AS c (text), unnest(CASE
          -- A text that is a list of addresses, such as Airtable's own from other records.
          WHEN c.text ~ '^[^ ,;@]+@[^ ,;@]+([,; ]+[^ ,;@]+@[^ ,;@]+)+$' THEN regexp_split_to_array(c.text, '[,; ]+')
          ELSE ARRAY[c.text] END) AS l (text)
    ) AS m;
EXCEPTION WHEN statement_too_complex THEN
  RAISE EXCEPTION 'a record of the contacts'' list is nested too deeply to be read; nothing was changed'
    USING ERRCODE = 'statement_too_complex',
      HINT = format('Check that the fields "%s" and "%s" are plain texts or lists.', email_field, group_field);
END
$$;
COMMENT ON FUNCTION timesheet.listed_contacts(json, text, text) IS
  'The records of an Airtable table, by their place n in the list: how many different addresses each has, the first '
  'of them and whether it is one, and the ids of client groups that it names. Errors: invalid_parameter_value, '
  'program_limit_exceeded, statement_too_complex.';
CALL timesheet.set_grants('FUNCTION timesheet.listed_contacts(json, text, text)');
