-- Release: 0.1.0
-- The roles, which client groups each client's role may see, and which role scheduled the jobs.

-- Roles belong to the whole server: another database may have made it, even at this moment.
DO $$
BEGIN
  IF to_regrole('timesheet_reader') IS NULL THEN
    BEGIN
      -- It is not for signing in: the members of a role see its sessions' queries and may end them. Each program and
      -- person has a login of its own, whose limits docs/roles.md sets: settings do not pass to members.
      CREATE ROLE timesheet_reader;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE NOTICE 'role "%" may not create the role timesheet_reader, so the dashboard has no role to read with',
          current_user
          USING HINT = 'As a role that may: CREATE ROLE timesheet_reader; then, as the owner of the schema: '
            'SELECT timesheet.grant_roles().';
    END;
  END IF;
END
$$;

-- As with timesheet_reader: another database of the server may have made it, even at this moment.
DO $$
BEGIN
  IF to_regrole('timesheet_unsubscribe') IS NULL THEN
    BEGIN
      CREATE ROLE timesheet_unsubscribe; -- not for signing in: the dashboard has a login that is a member
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE NOTICE 'role "%" may not create the role timesheet_unsubscribe, '
          'so the dashboard cannot answer links to unsubscribe', current_user
          USING HINT = 'As a role that may: CREATE ROLE timesheet_unsubscribe; then, as the owner of the schema: '
            'SELECT timesheet.grant_roles().';
    END;
  END IF;
END
$$;

-- As with timesheet_reader: another database of the server may have made it, even at this moment.
DO $$
BEGIN
  IF to_regrole('timesheet_ingest') IS NULL THEN
    BEGIN
      CREATE ROLE timesheet_ingest; -- not for signing in: each timesheetd has a login that is a member
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE NOTICE 'role "%" may not create the role timesheet_ingest, so timesheetd goes on as the owner',
          current_user
          USING HINT = 'As a role that may: CREATE ROLE timesheet_ingest; then, as the owner of the schema: SELECT '
            'timesheet.grant_roles().';
    END;
  END IF;
END
$$;

-- Which role may see which client groups. By role, as PostgreSQL itself checks who that is: a setting,
-- such as the claims of a token, every session can change.
CREATE TABLE timesheet.client_access (
  role_name         text NOT NULL,
  client_group_id   int NOT NULL REFERENCES timesheet.client_groups,
  role_oid          oid NOT NULL,
  system_identifier bigint NOT NULL,
  PRIMARY KEY (role_name, client_group_id)
);
CREATE INDEX client_access_client_group ON timesheet.client_access (client_group_id);
COMMENT ON TABLE timesheet.client_access IS
  'The client groups that a role sees through the schema timesheet_client, set with timesheet.set_client_access(). '
  'Members that inherit the rights of the role see them too.';
COMMENT ON COLUMN timesheet.client_access.role_name IS
  'Names outlive a dump and a restore. A role that is renamed sees nothing until access is set again.';
COMMENT ON COLUMN timesheet.client_access.role_oid IS
  'The role that had the name when access was set, by the server''s own number: another one that gets the name later '
  'sees nothing.';
COMMENT ON COLUMN timesheet.client_access.system_identifier IS
  'The server whose number role_oid is (pg_control_system()). On any other, where a dump was restored, the name alone '
  'counts until access is set again.';

-- As with timesheet_reader: another database of the server may have made it, even at this moment.
DO $$
BEGIN
  IF to_regrole('timesheet_client') IS NULL THEN
    BEGIN
      CREATE ROLE timesheet_client; -- not for signing in: each client has a role of its own that is a member
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE NOTICE 'role "%" may not create the role timesheet_client, so clients cannot be given roles yet',
          current_user
          USING HINT = 'As a role that may: CREATE ROLE timesheet_client; then, as the owner of the schema: SELECT '
            'timesheet.grant_roles().';
    END;
  END IF;
END
$$;

-- pg_cron shows each role its own jobs alone, so the role that schedules ours is recorded for the others.
CREATE TABLE timesheet.scheduled_jobs (
  role_name         text NOT NULL,
  name              text NOT NULL,
  job_id            bigint NOT NULL,
  role_oid          oid NOT NULL,
  job_table         oid NOT NULL,
  system_identifier bigint NOT NULL,
  scheduled_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (role_name, name)
);
COMMENT ON TABLE timesheet.scheduled_jobs IS
  'Which role scheduled which of our pg_cron jobs, and when: kept by timesheet.schedule_jobs() and '
  'timesheet.unschedule_jobs().';
COMMENT ON COLUMN timesheet.scheduled_jobs.job_id IS 'cron.job.jobid; the job may have been deleted since.';
COMMENT ON COLUMN timesheet.scheduled_jobs.role_oid IS
  'The role that had the name then, by the server''s own number.';
COMMENT ON COLUMN timesheet.scheduled_jobs.job_table IS
  'cron.job as it was then: where pg_cron was created once more, job_id means another job.';
COMMENT ON COLUMN timesheet.scheduled_jobs.system_identifier IS
  'The server that has the job (pg_control_system()). On any other, where a dump was restored, the row says nothing.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (8, '0008_roles');
