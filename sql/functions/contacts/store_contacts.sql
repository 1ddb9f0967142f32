CREATE OR REPLACE FUNCTION timesheet.store_contacts(records json, email_field text, group_field text, allow_mass_deletion boolean DEFAULT false,
  OUT contacts int, OUT added int, OUT removed int, OUT problems int, OUT held int)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  before int;
  missing int;
BEGIN
  IF json_typeof(records) IS DISTINCT FROM 'array' THEN
    RAISE EXCEPTION 'the contacts'' list is %, not a list of records', coalesce('a JSON ' || json_typeof(records), 'null')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the records of an Airtable table as one JSON array.';
  END IF;
  IF octet_length(records::text) > 40000000 OR json_array_length(records) > 100000 THEN
    RAISE EXCEPTION 'the contacts'' list has % bytes and % records; 40000000 and 100000 are the most', octet_length(records::text), json_array_length(records)
      USING ERRCODE = 'program_limit_exceeded', HINT = 'Check that AIRTABLE_TABLE is the table of contacts.';
  END IF;
  PERFORM timesheet.take_lock('contacts_lock');
  SELECT count(*) INTO before FROM timesheet.contacts AS c WHERE c.removed_at IS NULL;

  -- Every address of every record, and every client group that the record names.
  BEGIN
  CREATE TEMP TABLE pg_temp.given ON COMMIT DROP AS
  SELECT r.n, timesheet.one_line(timesheet.readable(r.record) ->> 'id') AS record_id, m.email, m.emails, timesheet.is_email(m.email) AS is_email,
    ARRAY(SELECT DISTINCT lower(p.part) FROM timesheet.cell_texts(f.fields -> group_field) AS t, regexp_split_to_table(t, '[,;[:space:]]+') AS p (part) WHERE p.part <> '') AS named
  FROM json_array_elements(records) WITH ORDINALITY AS r (record, n)
  CROSS JOIN LATERAL (SELECT timesheet.readable(r.record) -> 'fields' AS fields) AS f
  CROSS JOIN LATERAL (
    SELECT min(lower(t)) AS email, count(*) AS emails FROM timesheet.cell_texts(f.fields -> email_field) AS t
  ) AS m;
  EXCEPTION WHEN statement_too_complex THEN
    RAISE EXCEPTION 'a record of the contacts'' list is nested too deeply to be read; nothing was changed'
      USING ERRCODE = 'statement_too_complex', HINT = format('Check that the fields "%s" and "%s" are plain texts or lists.', email_field, group_field);
  END;
  ANALYZE pg_temp.given; -- autovacuum does not, and 20,000 records would be compared each with each

  DELETE FROM timesheet.contact_problems;
  INSERT INTO timesheet.contact_problems (record_id, value, problem)
  SELECT p.record_id, left(timesheet.one_line(p.value), 200), p.problem FROM (
    SELECT g.n, g.record_id, g.email AS value, CASE
      WHEN g.emails = 0 THEN format('there is no address in the field "%s"; fill it in', email_field)
      WHEN g.emails > 1 THEN 'there is more than one address; make a record for each'
      ELSE 'this is not an e-mail address; correct it' END AS problem
    FROM pg_temp.given AS g WHERE g.emails <> 1 OR NOT g.is_email
    UNION ALL
    SELECT g.n, g.record_id, g.email, format('the address is in record %s too; both are one contact, who gets the client groups of both', g.first)
    FROM (SELECT g.*, first_value(g.record_id) OVER (PARTITION BY g.email ORDER BY g.n) AS first, row_number() OVER (PARTITION BY g.email ORDER BY g.n) AS turn
          FROM pg_temp.given AS g WHERE g.is_email AND g.emails = 1) AS g WHERE g.turn > 1
    UNION ALL
    SELECT g.n, g.record_id, u.id, CASE WHEN u.id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN 'Jibble has shown no client group with this id; correct it in the field "'
      ELSE 'this is not a Jibble group id; correct it in the field "' END || group_field || '"'
    FROM pg_temp.given AS g CROSS JOIN LATERAL unnest(g.named) AS u (id)
    WHERE NOT EXISTS (SELECT FROM timesheet.client_groups AS c WHERE c.jibble_id::text = u.id)
    UNION ALL
    SELECT g.n, g.record_id, g.email, format('no client group is named in the field "%s", so that nothing is sent', group_field)
    FROM pg_temp.given AS g WHERE g.named = '{}' AND g.is_email AND g.emails = 1
  ) AS p ORDER BY p.n, p.problem LIMIT 10000; -- more would not be read, and a table of the wrong kind must not fill ours
  GET DIAGNOSTICS problems = ROW_COUNT;

  INSERT INTO timesheet.contacts AS c (email)
  SELECT g.email FROM pg_temp.given AS g WHERE g.is_email AND g.emails = 1 GROUP BY g.email ORDER BY min(g.n)
  ON CONFLICT (email) DO UPDATE SET removed_at = NULL WHERE c.removed_at IS NOT NULL;
  GET DIAGNOSTICS added = ROW_COUNT;
  -- A list that lost more than half is more likely a wrong view or a lost right than the truth. Once held back, it
  -- stays so for each contact until it is listed again: what comes new meanwhile must not make the rest a minority.
  UPDATE timesheet.contacts AS c SET missing_since = NULL
  WHERE c.missing_since IS NOT NULL AND EXISTS (SELECT FROM pg_temp.given AS g WHERE g.is_email AND g.emails = 1 AND g.email = c.email);
  SELECT count(*) INTO missing FROM timesheet.contacts AS c
  WHERE c.removed_at IS NULL AND NOT EXISTS (SELECT FROM pg_temp.given AS g WHERE g.is_email AND g.emails = 1 AND g.email = c.email);
  IF NOT coalesce(allow_mass_deletion, false)
     AND (2 * missing > before OR EXISTS (SELECT FROM timesheet.contacts AS c WHERE c.missing_since IS NOT NULL AND c.removed_at IS NULL)) THEN
    UPDATE timesheet.contacts AS c SET missing_since = now()
    WHERE c.removed_at IS NULL AND c.missing_since IS NULL
      AND NOT EXISTS (SELECT FROM pg_temp.given AS g WHERE g.is_email AND g.emails = 1 AND g.email = c.email);
    removed := 0;
  ELSE
    UPDATE timesheet.contacts AS c SET removed_at = now(), missing_since = NULL
    WHERE c.removed_at IS NULL AND NOT EXISTS (SELECT FROM pg_temp.given AS g WHERE g.is_email AND g.emails = 1 AND g.email = c.email);
    GET DIAGNOSTICS removed = ROW_COUNT;
  END IF;

  CREATE TEMP TABLE pg_temp.wanted ON COMMIT DROP AS
  SELECT DISTINCT c.contact_id, k.client_group_id
  FROM pg_temp.given AS g JOIN timesheet.contacts AS c ON c.email = g.email AND g.is_email AND g.emails = 1
  JOIN timesheet.client_groups AS k ON k.jibble_id::text = ANY (g.named);
  DELETE FROM timesheet.contact_client_groups AS m
  WHERE NOT EXISTS (SELECT FROM timesheet.contacts AS c WHERE c.contact_id = m.contact_id AND c.missing_since IS NOT NULL) -- kept as it was
    AND NOT EXISTS (SELECT FROM pg_temp.wanted AS w WHERE w.contact_id = m.contact_id AND w.client_group_id = m.client_group_id);
  INSERT INTO timesheet.contact_client_groups SELECT w.contact_id, w.client_group_id FROM pg_temp.wanted AS w ON CONFLICT DO NOTHING;
  DROP TABLE pg_temp.given, pg_temp.wanted;

  SELECT count(*), count(c.missing_since) INTO contacts, held FROM timesheet.contacts AS c WHERE c.removed_at IS NULL;
  IF held > 0 THEN
    PERFORM timesheet.raise_alert('deletions_held', 'contacts',
      format('Airtable no longer lists %s of %s contacts; they get no digest until it does again, or until timesheetd contacts --allow-mass-deletion removes them', held, contacts));
  ELSE
    PERFORM timesheet.resolve_alert('deletions_held', 'contacts');
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.store_contacts(json, text, text, boolean) IS
  'Makes the contacts what this whole list of Airtable records says. A list that lost more than half is held back unless allow_mass_deletion: those it does not show are kept with missing_since, without digests, until it shows them again. Returns how many there are, were added or came back, were removed, how many problems are in timesheet.contact_problems, and how many are held. Errors, changing nothing: invalid_parameter_value, program_limit_exceeded, statement_too_complex.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.store_contacts(json, text, text, boolean)',
  'EXECUTE TO timesheet_ingest');
