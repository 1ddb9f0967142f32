-- Who reads for others: the role of the internal page and of BI tools. It can change nothing, as it
-- has no right but SELECT on views and on the tables that anybody may read, and EXECUTE on what reads.

-- What others may ask runs with its owner's rights, so that they need none on what lies below, and so that
-- no row-level security can ever take an event from the engine: two hours would become fifteen.
-- None of it can be turned against the owner: each has a fixed search_path and only statements of its own.
ALTER FUNCTION timesheet.has_native_engine() SECURITY DEFINER;
ALTER FUNCTION timesheet.engine() SECURITY DEFINER;
ALTER FUNCTION timesheet.sessions(date, date, int, timestamptz) SECURITY DEFINER;
ALTER FUNCTION timesheet.daily_hours(date, date, int, timestamptz) SECURITY DEFINER;
ALTER FUNCTION timesheet.weekly_hours(date, date, int, timestamptz) SECURITY DEFINER;
ALTER FUNCTION timesheet.notes(date, date, int, timestamptz) SECURITY DEFINER;
ALTER FUNCTION timesheet.rejected_entry_notes(date, date, int) SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION timesheet.attendance_days(date, date, int) SECURITY DEFINER;
ALTER FUNCTION timesheet.explain(date, int) SECURITY DEFINER;
ALTER FUNCTION timesheet.digest_readiness(date, date, int) SECURITY DEFINER;

CREATE FUNCTION timesheet.grant_reader() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF to_regrole('timesheet_reader') IS NULL THEN
    RAISE EXCEPTION 'role "timesheet_reader" does not exist'
      USING ERRCODE = 'undefined_object', HINT = 'CREATE ROLE timesheet_reader, as a role that may create roles; then call this again.';
  END IF;
  PERFORM timesheet.revoke_public_execute();
  GRANT USAGE ON SCHEMA timesheet TO timesheet_reader;
  GRANT SELECT ON
    timesheet.weekly_report, timesheet.daily_report, timesheet.attendance, timesheet.session_log, timesheet.notes,
    timesheet.client_group_names, timesheet.activity_names, timesheet.agent_names, timesheet.stale_agent_days,
    timesheet.feed_health, timesheet.silent_agents, timesheet.alerts, timesheet.held_deletions, timesheet.schema_migrations,
    timesheet.digests, timesheet.digest_mails, timesheet.digest_hours, timesheet.digest_weeks, timesheet.digest_health, timesheet.contact_problems
    TO timesheet_reader;
  -- The tables that the contract opens to readers: the page shows entries down to what Jibble sent.
  GRANT SELECT ON
    timesheet.settings, timesheet.agents, timesheet.client_groups, timesheet.activities,
    timesheet.time_entries, timesheet.raw_events, timesheet.ingest_problems, timesheet.ingest_runs, timesheet.audits, timesheet.audit_findings
    TO timesheet_reader;
  -- Named one by one: another that reads may tell what is no reader's, such as the token of a link.
  GRANT EXECUTE ON FUNCTION
    timesheet.has_native_engine(), timesheet.engine(), timesheet.sessions(date, date, int, timestamptz),
    timesheet.daily_hours(date, date, int, timestamptz), timesheet.weekly_hours(date, date, int, timestamptz),
    timesheet.notes(date, date, int, timestamptz), timesheet.rejected_entry_notes(date, date, int),
    timesheet.attendance_days(date, date, int), timesheet.explain(date, int), timesheet.digest_readiness(date, date, int),
    timesheet.week_start(date, int), timesheet.round_hours(bigint[]), timesheet.length_text(bigint), timesheet.is_time_zone(text),
    timesheet.usable_time_zone(text), timesheet.default_time_zone(), timesheet.time_zone_label(text),
    timesheet.require_every_row(), timesheet.require_every_row_when_planned()
    TO timesheet_reader;
END
$$;
COMMENT ON FUNCTION timesheet.grant_reader() IS
  'Gives timesheet_reader what reading takes: SELECT on the views and on the tables that the contract opens, EXECUTE on the functions that read. Safe to repeat. Errors: undefined_object where the role is missing.';

-- Roles belong to the whole server: another database may have made it, even at this moment.
DO $$
BEGIN
  IF to_regrole('timesheet_reader') IS NULL THEN
    BEGIN
      -- Nobody signs in as it: whoever is a member of a role sees its sessions' queries and may end them. Each program and
      -- person has a login of its own, whose limits docs/roles.md sets: settings do not pass to members.
      CREATE ROLE timesheet_reader;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE NOTICE 'role "%" may not create the role timesheet_reader, so there is none to read for the internal page', current_user
          USING HINT = 'As a role that may: CREATE ROLE timesheet_reader; then, as the owner of the schema: SELECT timesheet.grant_reader().';
    END;
  END IF;
  IF to_regrole('timesheet_reader') IS NOT NULL THEN
    PERFORM timesheet.grant_reader();
  END IF;
END
$$;

DO $$ BEGIN PERFORM timesheet.revoke_public_execute(); END $$;

INSERT INTO timesheet.schema_migrations (version, name) VALUES (29, '0029_reader_role');
