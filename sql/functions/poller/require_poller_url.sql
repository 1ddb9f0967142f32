-- The address goes into no statement, but a person types it: what cannot be an address is refused, not called.
CREATE OR REPLACE FUNCTION timesheet.require_poller_url(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  url CONSTANT text := rtrim(btrim(given, E' \t\r\n'), '/');
  plain CONSTANT text := 'Give only https://, host and path, such as https://jobs.example.com; /jobs/sync and the like '
    'are added to it.';
  wrong text;
BEGIN
  IF coalesce(url, '') = '' THEN
    wrong := 'base_url is empty';
  ELSIF strpos(url, '@') > 0 THEN -- what is before it may be a password
    wrong := 'base_url holds a user name or an @';
  ELSIF url ~ '[?#]' THEN -- it may hold a key
    wrong := format('base_url "%s" has a query or a fragment after it (not shown)',
      left(substring(url FROM '^[^?#]*'), 200));
  ELSIF url !~* '^https://' AND url !~* '^http://(localhost|127([.][0-9]{1,3}){3}|[[]::1])(:|/|$)' THEN
    RAISE EXCEPTION 'base_url "%" is not https', left(url, 200)
      USING ERRCODE = 'invalid_parameter_value',
        HINT = 'Use https://, or http:// only for a loopback host such as 127.0.0.1. ' || plain;
  ELSIF length(url) > 2000 OR url !~ ('^[a-zA-Z]+://([[][0-9a-fA-F:.]+]|[a-zA-Z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9])?)'
      || '(:[0-9]{1,5})?(/([a-zA-Z0-9._~-]|%[0-9a-fA-F]{2})+)*$') COLLATE "C"
      OR substring(url FROM '^[a-zA-Z]+://[^/]*:([0-9]+)(?:/|$)')::int NOT BETWEEN 1 AND 65535 THEN
    wrong := format('base_url "%s" is no address that can be called', left(url, 200));
  ELSE
    RETURN url;
  END IF;
  RAISE EXCEPTION '%', wrong USING ERRCODE = 'invalid_parameter_value', HINT = plain;
END
$$;
COMMENT ON FUNCTION timesheet.require_poller_url(text) IS
  'The address before /jobs/…, without blanks around it and slashes at its end. Errors: invalid_parameter_value, '
  'with what it should be.';
CALL timesheet.set_grants('FUNCTION timesheet.require_poller_url(text)');
