-- HTTP requests by pg_net, where the server has it in this database.
CREATE OR REPLACE FUNCTION timesheet.require_pg_net() RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
BEGIN
  IF to_regnamespace('net') IS NULL OR has_schema_privilege('net', 'USAGE')
    AND (to_regprocedure('net.http_post(text, jsonb, jsonb, jsonb, integer)') IS NULL
      OR to_regclass('net._http_response') IS NULL) THEN
    RAISE EXCEPTION 'pg_net is not installed in database "%"', current_database()
      USING ERRCODE = 'feature_not_supported',
        HINT = format('Run CREATE EXTENSION pg_net. On a server of your own, first add pg_net to '
          'shared_preload_libraries, set pg_net.database_name to %L and restart it.', current_database());
  END IF;
  IF NOT has_schema_privilege('net', 'USAGE')
    OR NOT has_function_privilege('net.http_post(text, jsonb, jsonb, jsonb, integer)', 'EXECUTE')
    OR NOT has_table_privilege('net._http_response', 'SELECT') THEN
    RAISE EXCEPTION 'role "%" may not send requests by pg_net, or not read the answers', current_user
      USING ERRCODE = 'insufficient_privilege',
        HINT = format('As the owner of pg_net: GRANT USAGE ON SCHEMA net TO %1$I; GRANT EXECUTE ON FUNCTION '
          'net.http_post TO %1$I; GRANT SELECT ON net._http_response TO %1$I.', current_user);
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.require_pg_net() IS
  'Raises feature_not_supported where pg_net is missing and insufficient_privilege where the role may not use it, with '
  'the remedy.';
CALL timesheet.set_grants('FUNCTION timesheet.require_pg_net()');
