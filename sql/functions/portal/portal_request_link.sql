-- Whether the address is a contact's is looked up later, by timesheet.queue_portal_links(): so this takes the same time
-- for every text and shows nothing. Who floods it fills a table of bounded size; while that is full, further requests
-- are dropped, until the next pass of timesheetd empties it.
CREATE OR REPLACE FUNCTION timesheet.portal_request_link(email text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms' SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  address CONSTANT bytea := timesheet.address_sha256(email);
BEGIN
  DELETE FROM timesheet.portal_requests AS r
  WHERE r.address_sha256 IN (
    SELECT o.address_sha256 FROM timesheet.portal_requests AS o WHERE o.last_asked_at < now() - interval '60 minutes'
    ORDER BY o.last_asked_at LIMIT 100 FOR UPDATE SKIP LOCKED);
  INSERT INTO timesheet.portal_requests AS r (address_sha256, asked_at, last_asked_at)
  SELECT address, ARRAY[now()], now()
  WHERE (SELECT count(*) FROM (SELECT FROM timesheet.portal_requests AS o LIMIT 100000) AS o) < 100000
  ON CONFLICT (address_sha256) DO UPDATE SET last_asked_at = excluded.last_asked_at,
    asked_at = (SELECT array_agg(a.at ORDER BY a.at) FROM unnest(r.asked_at) AS a (at)
      WHERE a.at > now() - interval '60 minutes') || excluded.asked_at
  WHERE (SELECT count(*) FROM unnest(r.asked_at) AS a (at) WHERE a.at > now() - interval '60 minutes') < 3;
EXCEPTION WHEN lock_not_available OR serialization_failure OR deadlock_detected THEN NULL; -- it is being answered
END
$$;
COMMENT ON FUNCTION timesheet.portal_request_link(text) IS
  'Asks for a fresh link to the portal for an address, which is sent soon if it is a contact''s. Says nothing of that, '
  'and does the same for every text.';
CALL timesheet.set_grants('FUNCTION timesheet.portal_request_link(text)', 'EXECUTE TO timesheet_portal');
