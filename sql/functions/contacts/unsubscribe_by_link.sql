-- The link in a digest by which a person unsubscribes is for everybody who has it, without a sign-in. What answers it
-- is a role that can do that one thing: no table, and no other function that could reach one.
CREATE OR REPLACE FUNCTION timesheet.unsubscribe_by_link(token uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$ SELECT timesheet.unsubscribe(token) $$;
COMMENT ON FUNCTION timesheet.unsubscribe_by_link(uuid) IS
  'timesheet.unsubscribe() with its owner''s rights, for the role timesheet_unsubscribe. It needs a token of 122 '
  'random bits that only the person''s e-mail holds, and returns nothing, so that it does not show which tokens '
  'exist.';
CALL timesheet.set_grants('FUNCTION timesheet.unsubscribe_by_link(uuid)', 'EXECUTE TO timesheet_unsubscribe');
