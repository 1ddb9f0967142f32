-- By the host alone, as the path and the query may hold any text. timesheetd has the same rule.
CREATE OR REPLACE FUNCTION timesheet.webhook_form(url text) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN h.host ~ '[.]slack(-gov)?[.]com$' THEN 'slack'
    WHEN h.host ~ '[.](webhook[.]office|logic[.]azure|powerplatform)[.]com$' THEN 'teams' ELSE 'generic' END
  FROM (SELECT rtrim(regexp_replace(regexp_replace(lower(
      substring(url FROM E'^[a-zA-Z][a-zA-Z0-9+.-]*://([^/?#\\\\]*)') COLLATE "C"),
    '^.*@', ''), ':[0-9]*$', ''), '.')) AS h (host)
$$;
COMMENT ON FUNCTION timesheet.webhook_form(text) IS
  'The form of JSON that the service at this address takes: slack, teams or generic; see timesheet.webhook_json().';
CALL timesheet.set_grants('FUNCTION timesheet.webhook_form(text)');
