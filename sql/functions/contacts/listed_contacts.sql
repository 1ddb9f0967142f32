-- Every address of every record, every client group that the record names, and the supervisors of these.
CREATE OR REPLACE FUNCTION timesheet.listed_contacts(records json, email_field text, group_field text,
  supervisor_field text)
RETURNS TABLE (n bigint, record_id text, email text, emails bigint, is_email boolean, named text[],
  supervisors text[])
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
            WHERE NOT timesheet.is_no_id(p.part)),
      ARRAY(SELECT DISTINCT l.text FROM timesheet.cell_texts(f.fields -> supervisor_field) AS t,
              regexp_split_to_table(t, E' *[,;\u3001\uFF0C\uFF1B][ ,;\u3001\uFF0C\uFF1B]*') AS p (part),
              timesheet.listed_addresses(p.part) AS l (text)
            WHERE l.text <> '')
    FROM json_array_elements(records) WITH ORDINALITY AS r (record, n)
    CROSS JOIN LATERAL (SELECT timesheet.readable(r.record) -> 'fields' AS fields) AS f
    CROSS JOIN LATERAL (
      SELECT min(l.text) AS email, count(DISTINCT l.text) AS emails
      FROM timesheet.cell_texts(f.fields -> email_field) AS t (cell)
      CROSS JOIN LATERAL timesheet.listed_addresses(t.cell) AS l (text)
    ) AS m;
EXCEPTION WHEN statement_too_complex THEN
  RAISE EXCEPTION 'a record of the contacts'' list is nested too deeply to be read; nothing was changed'
    USING ERRCODE = 'statement_too_complex',
      HINT = format('Check that the fields "%s" and "%s" are plain texts or lists.', email_field,
        concat_ws('", "', group_field, supervisor_field));
END
$$;
COMMENT ON FUNCTION timesheet.listed_contacts(json, text, text, text) IS
  'The records of an Airtable table, by their place n in the list: how many different addresses each has, the first '
  'of them and whether it is one, the ids of client groups that it names, and the addresses in its field of '
  'supervisors, if there is one. Errors: invalid_parameter_value, program_limit_exceeded, statement_too_complex.';
CALL timesheet.set_grants('FUNCTION timesheet.listed_contacts(json, text, text, text)');
