CREATE OR REPLACE FUNCTION timesheet.post_webhook(url text, body text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
DECLARE
  request bigint;
BEGIN
  PERFORM timesheet.require_pg_net();
  EXECUTE 'SELECT net.http_post(url => $1, body => $2, headers => $3, timeout_milliseconds => 10000)'
    INTO request USING url, timesheet.webhook_json(timesheet.webhook_form(url), body)::jsonb,
      '{"Content-Type": "application/json"}'::jsonb;
  RETURN request;
EXCEPTION WHEN OTHERS THEN -- whose text may quote the address
  RAISE EXCEPTION '%', replace(SQLERRM, url, '(the address)') USING ERRCODE = SQLSTATE;
END
$$;
COMMENT ON FUNCTION timesheet.post_webhook(text, text) IS
  'Asks pg_net to post a plain text to a webhook, once the transaction is committed; returns its number of the '
  'request. Errors: those of timesheet.require_pg_net().';
CALL timesheet.set_grants('FUNCTION timesheet.post_webhook(text, text)');
