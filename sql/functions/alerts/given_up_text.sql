CREATE OR REPLACE FUNCTION timesheet.given_up_text(of_kind text, subjects text[]) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT format('%s %s not tried any more for 48 hours, and never worked in that time: what %s up to date is as old as '
      'before, hours too. Run %s again, unless that is not needed any more.',
    string_agg(c.command, ', ' ORDER BY c.command), CASE count(*) WHEN 1 THEN 'was' ELSE 'were' END,
    CASE count(*) WHEN 1 THEN 'it brings' ELSE 'they bring' END, CASE count(*) WHEN 1 THEN 'it' ELSE 'them' END)
  FROM timesheet.failing_commands AS c
  WHERE of_kind = 'failing_runs' AND c.command = ANY (subjects) AND c.is_given_up
  HAVING count(*) > 0
$$;
COMMENT ON FUNCTION timesheet.given_up_text(text, text[]) IS
  'What the end of failing_runs means where commands were not tried any more, rather than worked again; null: none.';
CALL timesheet.set_grants('FUNCTION timesheet.given_up_text(text, text[])');
