-- Asked for when it is needed, so that no table of ours holds it.
CREATE OR REPLACE FUNCTION timesheet.alert_webhook_url(OUT url text, OUT problem text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
BEGIN
  IF to_regnamespace('vault') IS NULL OR NOT has_schema_privilege('vault', 'USAGE')
    OR to_regclass('vault.decrypted_secrets') IS NULL
    OR NOT has_table_privilege('vault.decrypted_secrets', 'SELECT') THEN
    RETURN; -- no secret of it can be meant
  END IF;
  EXECUTE 'SELECT s.decrypted_secret FROM vault.decrypted_secrets AS s
           WHERE s.name = ''timesheet_alert_webhook_url''' INTO url;
  IF url IS NULL THEN
    RETURN;
  ELSIF url !~* '^https://[a-z0-9[][!-~]*$' COLLATE "C" OR url ~ E'^[^/]*//[^/?#]*[@\\\\]' OR length(url) > 2000 THEN
    url := NULL;
    problem := 'the secret timesheet_alert_webhook_url in the Vault is no address that begins with https:// and '
      'has neither blanks nor a user name';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.alert_webhook_url() IS
  'The secret timesheet_alert_webhook_url of Supabase''s Vault, as the calling role may read it, or what is wrong with '
  'it, which does not quote it; nulls where there is none.';
CALL timesheet.set_grants('FUNCTION timesheet.alert_webhook_url()');
