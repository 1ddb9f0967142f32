-- REINDEX CONCURRENTLY that was stopped leaves an index that no query uses and every change has to keep up. It can run
-- in no function, so it is a job of its own, and this one comes before it.
CREATE OR REPLACE FUNCTION timesheet.drop_unfinished_index() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off SET lock_timeout = '100ms'
AS $$
DECLARE
  unfinished name;
  dropped bigint := 0;
BEGIN
  FOR unfinished IN
    SELECT c.relname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
    WHERE i.indrelid = 'timesheet.time_entries'::regclass AND NOT i.indisvalid
      AND c.relname ~ '^time_entries_session_order_cc(new|old)[0-9]*$'
  LOOP
    BEGIN
      EXECUTE format('DROP INDEX IF EXISTS timesheet.%I', unfinished);
      dropped := dropped + 1;
    EXCEPTION WHEN lock_not_available THEN
      RAISE NOTICE 'index timesheet.% is not dropped now, as others use the table or are building the index',
        unfinished;
    END;
  END LOOP;
  RETURN dropped;
END
$$;
COMMENT ON FUNCTION timesheet.drop_unfinished_index() IS
  'Drops what a REINDEX INDEX CONCURRENTLY timesheet.time_entries_session_order left that was stopped: indexes named '
  'like it with _ccnew or _ccold at the end, which are not valid. Waits a tenth of a second for the table at most; '
  'returns how many went.';
CALL timesheet.set_grants('FUNCTION timesheet.drop_unfinished_index()');
