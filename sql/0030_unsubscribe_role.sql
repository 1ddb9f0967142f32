-- The link in a digest by which a person unsubscribes is for everybody who has it, without a sign-in. What answers it
-- is a role that can do that one thing: no table, and no other function that could reach one.

CREATE FUNCTION timesheet.unsubscribe_by_link(token uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$ SELECT timesheet.unsubscribe(token) $$;
REVOKE ALL ON FUNCTION timesheet.unsubscribe_by_link(uuid) FROM PUBLIC;
COMMENT ON FUNCTION timesheet.unsubscribe_by_link(uuid) IS
  'timesheet.unsubscribe() with its owner''s rights, for the role timesheet_unsubscribe. All it takes is a token of 122 random bits that only the person''s mail holds, and it answers nothing, so that nobody learns which tokens there are.';

CREATE FUNCTION timesheet.grant_unsubscribe() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF to_regrole('timesheet_unsubscribe') IS NULL THEN
    RAISE EXCEPTION 'role "timesheet_unsubscribe" does not exist'
      USING ERRCODE = 'undefined_object', HINT = 'CREATE ROLE timesheet_unsubscribe, as a role that may create roles; then call this again.';
  END IF;
  PERFORM timesheet.revoke_public_execute();
  GRANT USAGE ON SCHEMA timesheet TO timesheet_unsubscribe;
  GRANT EXECUTE ON FUNCTION timesheet.unsubscribe_by_link(uuid) TO timesheet_unsubscribe;
END
$$;
COMMENT ON FUNCTION timesheet.grant_unsubscribe() IS
  'Gives timesheet_unsubscribe the right to call timesheet.unsubscribe_by_link(), and none on any table. Safe to repeat. Errors: undefined_object where the role is missing.';

-- As with timesheet_reader: another database of the server may have made it, even at this moment.
DO $$
BEGIN
  IF to_regrole('timesheet_unsubscribe') IS NULL THEN
    BEGIN
      CREATE ROLE timesheet_unsubscribe; -- nobody signs in as it: the dashboard has a login that is a member
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE NOTICE 'role "%" may not create the role timesheet_unsubscribe, so the page cannot answer links to unsubscribe', current_user
          USING HINT = 'As a role that may: CREATE ROLE timesheet_unsubscribe; then, as the owner of the schema: SELECT timesheet.grant_unsubscribe().';
    END;
  END IF;
  IF to_regrole('timesheet_unsubscribe') IS NOT NULL THEN
    PERFORM timesheet.grant_unsubscribe();
  END IF;
END
$$;

DO $$ BEGIN PERFORM timesheet.revoke_public_execute(); END $$;

INSERT INTO timesheet.schema_migrations (version, name) VALUES (30, '0030_unsubscribe_role');
