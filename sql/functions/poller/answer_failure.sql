CREATE OR REPLACE FUNCTION timesheet.answer_failure(of_job text, called_url text, status int, timed_out boolean,
  error_msg text, content text) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE
    WHEN timed_out THEN called_url || ' did not answer within 5 minutes: a pass ends before that, so check that the '
      'deployment runs and that its JOB_SECONDS is below 300'
    WHEN error_msg IS NOT NULL OR status IS NULL THEN called_url || ' could not be reached ('
      || coalesce(timesheet.clean_text(left(error_msg, 300)), 'no reason given')
      || '): check the address; SELECT timesheet.schedule_poller(''https://…'') corrects it'
    WHEN status IN (401, 403) THEN called_url || ' answered ' || status || ': the secret timesheet_cron_secret in the '
      'Vault is not the CRON_SECRET of the deployment, or something before it asks for a login'
    WHEN status = 404 THEN called_url || ' answered 404: check the address, and that the deployment has CRON_SECRET '
      'and JOBS_DATABASE_URL and serves the part jobs'
    WHEN status = 409 AND is_ours THEN NULL -- another pass is at work
    WHEN status >= 400 THEN called_url || ' answered ' || status || CASE
      WHEN is_ours THEN ': ' || coalesce(timesheet.clean_text(left(said, 500)), 'the pass failed')
      ELSE ': see the log of the deployment' END
    WHEN is_ours THEN NULL
    ELSE called_url || ' answered ' || status || ', but not as the jobs of timesheet do: check the address; SELECT '
      'timesheet.schedule_poller(''https://…'') corrects it' END
  FROM (SELECT timesheet.readable(timesheet.as_json(left(content, 100000))) AS body) AS a
  CROSS JOIN LATERAL (SELECT coalesce(timesheet.member(body, 'job') = of_job, false) AS is_ours,
    timesheet.member(body, 'message') AS said) AS j
$$;
COMMENT ON FUNCTION timesheet.answer_failure(text, text, int, boolean, text, text) IS
  'Why a call of the poller failed, by what pg_net recorded of it, and what to do; null: it worked, or another pass '
  'was at work (409). Of what was answered, only a message of the job itself is shown.';
CALL timesheet.set_grants('FUNCTION timesheet.answer_failure(text, text, int, boolean, text, text)');
