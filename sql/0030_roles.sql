-- Who reads for others: the role of the internal page and of BI tools. It can change nothing, as it
-- has no right but SELECT on what the views and the reading functions look at; the functions run as
-- their caller, so the tables below the views are among it.

CREATE FUNCTION timesheet.grant_reader() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  reading record;
BEGIN
  IF to_regrole('timesheet_reader') IS NULL THEN
    RAISE EXCEPTION 'role "timesheet_reader" does not exist'
      USING ERRCODE = 'undefined_object', HINT = 'CREATE ROLE timesheet_reader LOGIN, as a role that may create roles; then call this again.';
  END IF;
  GRANT USAGE ON SCHEMA timesheet TO timesheet_reader;
  GRANT SELECT ON
    timesheet.weekly_report, timesheet.daily_report, timesheet.attendance, timesheet.session_log, timesheet.notes,
    timesheet.client_group_names, timesheet.activity_names, timesheet.agent_names, timesheet.stale_agent_days,
    timesheet.feed_health, timesheet.silent_agents, timesheet.alerts, timesheet.schema_migrations,
    timesheet.digests, timesheet.digest_mails, timesheet.digest_hours, timesheet.digest_weeks, timesheet.digest_health, timesheet.contact_problems
    TO timesheet_reader;
  -- What the functions in those views, and explain(), read as their caller.
  GRANT SELECT ON
    timesheet.settings, timesheet.agents, timesheet.client_groups, timesheet.activities, timesheet.agent_timeline,
    timesheet.time_entries, timesheet.hour_entries, timesheet.stale_days, timesheet.raw_events, timesheet.ingest_problems, timesheet.ingest_runs,
    timesheet.contact_client_groups
    TO timesheet_reader;
  -- What is not volatile changes nothing.
  FOR reading IN
    SELECT p.oid::regprocedure AS signature FROM pg_proc AS p
    WHERE p.pronamespace = 'timesheet'::regnamespace AND p.provolatile <> 'v' AND pg_has_role(p.proowner, 'USAGE')
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO timesheet_reader', reading.signature);
  END LOOP;
END
$$;
COMMENT ON FUNCTION timesheet.grant_reader() IS
  'Gives timesheet_reader what reading takes: SELECT on the views and on what they are made of, EXECUTE on the functions that change nothing. Safe to repeat. Errors: undefined_object where the role is missing.';

-- Roles belong to the whole server: another database may have made it, even at this moment.
DO $$
BEGIN
  IF to_regrole('timesheet_reader') IS NULL THEN
    BEGIN
      CREATE ROLE timesheet_reader LOGIN; -- without a password nobody can sign in as it
      ALTER ROLE timesheet_reader SET default_transaction_read_only = on;
      ALTER ROLE timesheet_reader SET statement_timeout = '30s';
      -- Either takes longer to begin than a page's queries do, and is begun where a history is long.
      ALTER ROLE timesheet_reader SET jit = off;
      ALTER ROLE timesheet_reader SET max_parallel_workers_per_gather = 0;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE NOTICE 'role "%" may not create the role timesheet_reader, so there is none to read for the internal page', current_user
          USING HINT = 'As a role that may: CREATE ROLE timesheet_reader LOGIN; then, as the owner of the schema: SELECT timesheet.grant_reader().';
    END;
  END IF;
  IF to_regrole('timesheet_reader') IS NOT NULL THEN
    PERFORM timesheet.grant_reader();
  END IF;
END
$$;

INSERT INTO timesheet.schema_migrations (version, name) VALUES (30, '0030_roles');
