CREATE OR REPLACE FUNCTION timesheet.record_jobs(of_role text, named text[], job_names text[], job_ids bigint[],
  gone bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  DELETE FROM timesheet.scheduled_jobs AS s
  WHERE s.role_name = of_role AND s.name = ANY (named) OR NOT EXISTS (SELECT FROM timesheet.recorded_jobs() AS r
    WHERE r.role_name = s.role_name AND r.name = s.name AND r.job_id <> ALL (gone));
  INSERT INTO timesheet.scheduled_jobs (role_name, name, job_id, role_oid, job_table, system_identifier)
  SELECT of_role, j.name, j.id, to_regrole(quote_ident(of_role)), timesheet.job_table(), c.system_identifier
  FROM unnest(job_names, job_ids) AS j (name, id) CROSS JOIN pg_control_system() AS c;
END
$$;
COMMENT ON FUNCTION timesheet.record_jobs(text, text[], text[], bigint[], bigint[]) IS
  'Records that of the pg_cron jobs named so the role has these and no other. Drops records of jobs in gone, and of '
  'roles and servers that are gone.';
CALL timesheet.set_grants('FUNCTION timesheet.record_jobs(text, text[], text[], bigint[], bigint[])');
