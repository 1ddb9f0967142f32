-- What a function stores or returns must not hang on the session that calls it: '\u' is another text where
-- standard_conforming_strings is off, '7 days' are longer where clocks change, EST lies in Australia by another
-- timezone_abbreviations, a date is written in DateStyle's order, and a policy takes rows away (row_security = off
-- makes that an error). Functions that are inlined into others can fix nothing, and hold no text that these settings
-- change. A test looks after both. Each later migration that makes functions ends with this, too.

CREATE FUNCTION timesheet.fix_settings() RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  -- Asked row by row, or with each call of others, which have fixed all that matters.
  within_others CONSTANT text[] := '{client_group_at_noon,server_time_zone,canonical_time_zone,usable_time_zone,zone_changes,effective_at,change_points,at_or_after,version_place,engine,has_native_engine,is_time_zone,reject,require_every_row}';
  -- Asked for each stale day of an agent, where each setting takes some microseconds; nothing else matters to these.
  per_day CONSTANT text[] := '{sessions,daily_hours,weekly_hours,notes,attendance_days,rejected_entry_notes}';
  -- A file is read to set timezone_abbreviations: only where local time becomes an instant, or an instant a text.
  by_local_time CONSTANT text[] := '{finish_run,replay,set_working_time,assign_client_group,settings_changed,audit,store_audit,our_days,last_closed_week,nightly_resync_is_due,last_week_day,digest_readiness,digest_content,client_attendance,attendance_rows,notes_rows}';
  -- pg_cron shows each role its own jobs by a policy of its own table.
  with_pg_cron CONSTANT text[] := '{schedule_jobs,unschedule_jobs,prune_job_history,require_pg_cron}';
  found record;
  wanted text[];
  fixed int := 0;
BEGIN
  FOR found IN
    SELECT p.oid::regprocedure AS function, p.proname, p.proconfig FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
    WHERE p.pronamespace IN (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname IN ('timesheet', 'timesheet_client')) AND pg_has_role(p.proowner, 'USAGE')
      -- A procedure that commits may fix nothing, and what is immutable reads no table and no setting.
      AND p.prokind = 'f' AND p.provolatile <> 'i' AND l.lanname IN ('sql', 'plpgsql') AND p.proconfig IS NOT NULL AND p.proname <> ALL (within_others)
  LOOP
    wanted := CASE WHEN found.proname = ANY (with_pg_cron) THEN '{row_security=on}' ELSE '{row_security=off}' END;
    IF found.proname <> ALL (per_day) THEN
      wanted := wanted || '{standard_conforming_strings=on,TimeZone=UTC,"DateStyle=ISO, YMD",IntervalStyle=postgres}';
    END IF;
    IF found.proname = ANY (by_local_time) THEN
      wanted := wanted || '{timezone_abbreviations=Default}';
    END IF;
    CONTINUE WHEN found.proconfig @> wanted;
    EXECUTE format('ALTER FUNCTION %s %s', found.function,
      (SELECT string_agg(format('SET %I = %L', split_part(w, '=', 1), split_part(w, '=', 2)), ' ') FROM unnest(wanted) AS w));
    fixed := fixed + 1;
  END LOOP;
  RETURN fixed;
END
$$;
COMMENT ON FUNCTION timesheet.fix_settings() IS
  'Gives each of our functions that is called for itself the settings that could change what it stores or returns: row_security, and where they matter standard_conforming_strings, TimeZone, DateStyle, IntervalStyle and timezone_abbreviations. Returns how many lacked one. Safe to repeat.';

DO $$ BEGIN PERFORM timesheet.fix_settings(), timesheet.revoke_public_execute(); END $$;

INSERT INTO timesheet.schema_migrations (version, name) VALUES (34, '0034_session_settings');
