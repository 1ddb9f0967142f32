CREATE OR REPLACE FUNCTION timesheet.post_job(called_url text, parameters jsonb) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
DECLARE
  request bigint;
BEGIN
  PERFORM timesheet.require_pg_net();
  EXECUTE 'SELECT net.http_post(url => $1, body => $2, params => $3, headers => $4, timeout_milliseconds => 300000)'
    INTO request USING called_url, '{}'::jsonb, parameters, jsonb_build_object(
      'Authorization', 'Bearer ' || timesheet.poller_secret(), 'Content-Type', 'application/json');
  RETURN request;
END
$$;
COMMENT ON FUNCTION timesheet.post_job(text, jsonb) IS
  'Asks pg_net to call this address by POST with the secret of the Vault, once the transaction is committed; returns '
  'its number of the request. Errors: those of timesheet.require_pg_net() and timesheet.poller_secret().';
CALL timesheet.set_grants('FUNCTION timesheet.post_job(text, jsonb)');
