CREATE OR REPLACE FUNCTION timesheet.store_contact_problems(email_field text, group_field text,
  supervisor_field text) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  problems int;
BEGIN
  DELETE FROM timesheet.contact_problems;
  INSERT INTO timesheet.contact_problems (record_id, value, problem)
  SELECT p.record_id, left(timesheet.clean_text(p.value), 200), p.problem FROM (
    SELECT g.n, g.record_id, g.email AS value, CASE
      WHEN g.emails = 0 THEN format('there is no address in the field "%s"; fill it in', email_field)
      WHEN g.emails > 1 THEN 'there is more than one address; make a record for each'
      WHEN g.email ~ '[^ -~]' COLLATE "C" THEN timesheet.not_ascii_problem(g.email)
      ELSE 'this is not an e-mail address; correct it' END AS problem
    FROM pg_temp.given AS g WHERE g.emails <> 1 OR NOT g.is_email
    UNION ALL
    SELECT g.n, g.record_id, g.email,
      format('the address is in record %s too; both are one contact, who gets the client groups of both', g.first)
    FROM (
      SELECT g.*, first_value(g.record_id) OVER of_address AS first, row_number() OVER of_address AS turn
      FROM pg_temp.given AS g WHERE g.is_email AND g.emails = 1 WINDOW of_address AS (PARTITION BY g.email ORDER BY g.n)
    ) AS g WHERE g.turn > 1
    UNION ALL
    SELECT g.n, g.record_id, u.id,
      CASE WHEN u.id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
           THEN 'Jibble has shown no client group with this id; correct it in the field "'
           ELSE 'this is not a Jibble group id; correct it in the field "' END || group_field || '"'
    FROM pg_temp.given AS g CROSS JOIN LATERAL unnest(g.named) AS u (id)
    WHERE NOT EXISTS (SELECT FROM timesheet.client_groups AS c WHERE c.jibble_id::text = u.id)
    UNION ALL
    SELECT i.n, i.record_id, i.id, i.problem FROM timesheet.inactive_group_problems(group_field) AS i
    UNION ALL
    SELECT g.n, g.record_id, g.email,
      format('no client group is named in the field "%s", so that nothing is sent', group_field)
    FROM pg_temp.given AS g WHERE g.named = '{}' AND g.is_email AND g.emails = 1
    UNION ALL
    SELECT s.n, s.record_id, s.address, s.problem FROM timesheet.supervisor_problems(group_field, supervisor_field) AS s
  -- More would not be read, and a table of the wrong kind must not fill ours.
  ) AS p ORDER BY p.n, p.problem LIMIT 10000;
  GET DIAGNOSTICS problems = ROW_COUNT;
  RETURN problems;
END
$$;
COMMENT ON FUNCTION timesheet.store_contact_problems(text, text, text) IS
  'Replaces timesheet.contact_problems by what is wrong with the records in pg_temp.given, which '
  'timesheet.store_contacts() makes. Returns how many problems that are.';
CALL timesheet.set_grants('FUNCTION timesheet.store_contact_problems(text, text, text)');
