CREATE OR REPLACE FUNCTION timesheet.supervisor_problems(group_field text, supervisor_field text)
RETURNS TABLE (n bigint, record_id text, address text, problem text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT g.n, g.record_id, s.address, CASE
    WHEN timesheet.is_email(s.address)
      THEN format('no client group is named in the field "%s", so that this supervisor gets no briefing of it',
        group_field)
    WHEN s.address ~ '[^ -~]' COLLATE "C" THEN timesheet.not_ascii_problem(s.address)
      || format('; this is in the field "%s"', supervisor_field)
    ELSE format('this is not an e-mail address; correct it in the field "%s"', supervisor_field) END
  FROM pg_temp.given AS g CROSS JOIN LATERAL unnest(g.supervisors) AS s (address)
  WHERE NOT timesheet.is_email(s.address) OR g.named = '{}'
$$;
COMMENT ON FUNCTION timesheet.supervisor_problems(text, text) IS
  'What is wrong with the supervisors that the records in pg_temp.given name, which timesheet.store_contacts() makes: '
  'an address that is none, or a record without a client group.';
CALL timesheet.set_grants('FUNCTION timesheet.supervisor_problems(text, text)');
