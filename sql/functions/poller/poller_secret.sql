-- Asked for when a job runs, so that a new secret counts at once and no table of ours or of pg_cron's holds it.
CREATE OR REPLACE FUNCTION timesheet.poller_secret() RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
DECLARE
  secret text;
  change CONSTANT text := 'SELECT vault.update_secret(s.id, ''…'') FROM vault.secrets AS s WHERE s.name = '
    '''timesheet_cron_secret''; with the value of CRON_SECRET: at least 32 characters, letters and digits.';
BEGIN
  IF to_regnamespace('vault') IS NULL OR has_schema_privilege('vault', 'USAGE')
    AND to_regclass('vault.decrypted_secrets') IS NULL THEN
    RAISE EXCEPTION 'Supabase''s Vault is not installed in database "%"', current_database()
      USING ERRCODE = 'feature_not_supported',
        HINT = 'Run CREATE EXTENSION supabase_vault CASCADE; then SELECT vault.create_secret(''…'', '
          '''timesheet_cron_secret''), with the value of CRON_SECRET.';
  END IF;
  IF NOT has_schema_privilege('vault', 'USAGE') OR NOT has_table_privilege('vault.decrypted_secrets', 'SELECT') THEN
    RAISE EXCEPTION 'role "%" may not read the Vault', current_user
      USING ERRCODE = 'insufficient_privilege',
        HINT = 'Call timesheet.schedule_poller() as a role that may: on Supabase, postgres.';
  END IF;
  EXECUTE 'SELECT s.decrypted_secret FROM vault.decrypted_secrets AS s WHERE s.name = ''timesheet_cron_secret'''
    INTO secret;
  IF secret IS NULL THEN
    RAISE EXCEPTION 'the Vault has no secret named timesheet_cron_secret'
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Run SELECT vault.create_secret(''…'', ''timesheet_cron_secret''); with the value of CRON_SECRET, at '
          'least 32 characters.';
  ELSIF secret !~ '^[!-~]*$' COLLATE "C" THEN -- a header cannot carry it
    RAISE EXCEPTION 'the secret timesheet_cron_secret in the Vault has a blank, a line end or a letter beyond ASCII'
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Run ' || change;
  ELSIF length(secret) < 32 THEN
    RAISE EXCEPTION 'the secret timesheet_cron_secret in the Vault has only % characters', length(secret)
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Run ' || change;
  END IF;
  RETURN secret;
END
$$;
COMMENT ON FUNCTION timesheet.poller_secret() IS
  'The secret timesheet_cron_secret of Supabase''s Vault, as the calling role may read it. Errors, with the remedy: '
  'feature_not_supported, insufficient_privilege, object_not_in_prerequisite_state where there is none, '
  'invalid_parameter_value where it is too short or no header can carry it.';
CALL timesheet.set_grants('FUNCTION timesheet.poller_secret()');
