CREATE OR REPLACE FUNCTION timesheet.preview_erasure(of_agent int DEFAULT NULL, of_email text DEFAULT NULL,
  OUT payloads bigint, OUT digests bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  IF num_nonnulls(of_agent, of_email) <> 1 THEN
    RAISE EXCEPTION 'give an agent or the address of a contact, not %',
      CASE WHEN of_agent IS NULL THEN 'none' ELSE 'both' END
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Take an agent_id of timesheet.agents, or an address.';
  END IF;
  BEGIN -- it is done and undone, so that what is said is what will be
    IF of_agent IS NOT NULL THEN
      SELECT e.payloads, e.digests INTO payloads, digests FROM timesheet.erase_agent(of_agent) AS e;
    ELSE
      payloads := 0;
      digests := timesheet.erase_contact(of_email);
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'TS000', MESSAGE = 'undone'; -- variables keep what was found
  EXCEPTION WHEN SQLSTATE 'TS000' THEN NULL;
  END;
END
$$;
COMMENT ON FUNCTION timesheet.preview_erasure(int, text) IS
  'How many payloads and digests timesheet.erase_agent() or timesheet.erase_contact() would change; nothing is '
  'changed. Errors: those of the function.';
CALL timesheet.set_grants('FUNCTION timesheet.preview_erasure(int, text)', 'EXECUTE TO timesheet_operator');
