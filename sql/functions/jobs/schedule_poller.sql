CREATE OR REPLACE FUNCTION timesheet.schedule_poller(base_url text, backfill_since date DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
DECLARE
  address CONSTANT text := timesheet.require_poller_url(base_url);
BEGIN
  IF backfill_since NOT BETWEEN '2000-01-01' AND (now() AT TIME ZONE 'UTC')::date THEN
    RAISE EXCEPTION 'backfill_since % is no day from 2000-01-01 to today', backfill_since
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the first day that Jibble has, or leave it out.';
  END IF;
  PERFORM timesheet.require_pg_cron();
  PERFORM timesheet.require_pg_net();
  PERFORM timesheet.poller_secret();
  PERFORM timesheet.require_no_other_scheduler(ARRAY(SELECT j.name FROM timesheet.poller_jobs() AS j),
    'the calls of the poller are', 'timesheet.unschedule_poller()');
  PERFORM FROM timesheet.poller AS p FOR UPDATE; -- first, as timesheet.call_job() does
  DELETE FROM timesheet.poller_calls AS c USING timesheet.poller AS p
  WHERE c.answered_at IS NULL AND p.base_url <> address;
  INSERT INTO timesheet.poller AS p (base_url, backfill_since) VALUES (address, schedule_poller.backfill_since)
  ON CONFLICT (singleton) DO UPDATE SET base_url = excluded.base_url,
    backfill_since = coalesce(excluded.backfill_since, p.backfill_since), scheduled_at = now();
  RETURN (
    SELECT timesheet.install_jobs(array_agg(j.name) FILTER (WHERE w.is_wanted),
      array_agg(j.schedule) FILTER (WHERE w.is_wanted), array_agg(j.command) FILTER (WHERE w.is_wanted),
      coalesce(array_agg(j.name) FILTER (WHERE NOT w.is_wanted), '{}'))
    FROM timesheet.poller_jobs() AS j
    CROSS JOIN LATERAL (SELECT j.job <> 'backfill'
      OR EXISTS (SELECT FROM timesheet.poller AS p WHERE p.backfill_since IS NOT NULL) AS is_wanted) AS w);
END
$$;
COMMENT ON FUNCTION timesheet.schedule_poller(text, date) IS
  'Lets pg_cron and pg_net call the passes of timesheetd at this address, such as https://jobs.example.com: sync '
  'every 5 minutes (left out where nightly or backfill wait for their turn), nightly every 10 minutes from 03:00 of '
  'settings.default_time_zone until it succeeded, contacts hourly, digests every 10 minutes; with backfill_since the '
  'history from that day every 10 minutes until it is complete. The secret is timesheet_cron_secret of Supabase''s '
  'Vault. Returns how many jobs there are. Safe to repeat: another address is called from then on, paused jobs run, '
  'and without backfill_since one that is under way goes on. Errors, with the remedy: feature_not_supported where '
  'pg_cron, pg_net or the Vault is missing, object_not_in_prerequisite_state where the secret is missing or another '
  'role scheduled it, which it names, invalid_parameter_value, insufficient_privilege.';
CALL timesheet.set_grants('FUNCTION timesheet.schedule_poller(text, date)');
