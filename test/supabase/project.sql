-- Makes a database that role timesheet owns look to it like a hosted Supabase project's; run by the superuser.
-- What they had given API roles of new objects in public before they stopped; many projects still have it.
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE timesheet IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE timesheet IN SCHEMA public GRANT ALL
  ON FUNCTIONS TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE timesheet IN SCHEMA public GRANT ALL
  ON SEQUENCES TO anon, authenticated, service_role;

CREATE SCHEMA extensions;
GRANT USAGE ON SCHEMA extensions TO PUBLIC;
SELECT format('ALTER DATABASE %I SET search_path = "$user", public, extensions', current_database()) \gexec

-- pg_cron, where the server has it: its functions may be called, its tables read, and nothing in them written.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_cron') THEN
    GRANT USAGE ON SCHEMA cron TO timesheet;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA cron TO timesheet;
    GRANT SELECT ON ALL TABLES IN SCHEMA cron TO timesheet;
  END IF;
END
$$;
