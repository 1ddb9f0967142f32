-- Makes the roles of a plain cluster those of a hosted Supabase project; role timesheet stands for Supabase's postgres,
-- which is no superuser.
ALTER ROLE timesheet CREATEROLE CREATEDB REPLICATION BYPASSRLS;

CREATE ROLE anon NOLOGIN NOINHERIT;
CREATE ROLE authenticated NOLOGIN NOINHERIT;
CREATE ROLE service_role NOLOGIN NOINHERIT BYPASSRLS;
CREATE ROLE authenticator LOGIN NOINHERIT;
GRANT anon, authenticated, service_role TO authenticator;
GRANT anon, authenticated, service_role TO timesheet WITH ADMIN OPTION;
ALTER ROLE anon SET statement_timeout = '3s';
ALTER ROLE authenticated SET statement_timeout = '8s';
ALTER ROLE timesheet SET statement_timeout = '2min';
