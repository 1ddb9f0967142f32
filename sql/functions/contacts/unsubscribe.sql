CREATE OR REPLACE FUNCTION timesheet.unsubscribe(token uuid) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  UPDATE timesheet.contacts AS c SET unsubscribed_at = coalesce(c.unsubscribed_at, now())
  WHERE c.unsubscribe_token = token;
  RETURN FOUND;
END
$$;
COMMENT ON FUNCTION timesheet.unsubscribe(uuid) IS
  'The contact with this token receives no digest from now on; false if there is none. Safe to repeat.';
CALL timesheet.set_grants('FUNCTION timesheet.unsubscribe(uuid)');
