-- A list that lost more than half is more likely a wrong view or a lost right than the truth. Once held back, it stays
-- so for each contact until it is listed again: what comes new meanwhile must not make the rest a minority.
CREATE OR REPLACE FUNCTION timesheet.remove_unlisted_contacts(before int, allow_mass_deletion boolean) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  missing int[];
  removed int := 0;
BEGIN
  UPDATE timesheet.contacts AS c SET missing_since = NULL
  WHERE c.missing_since IS NOT NULL
    AND EXISTS (SELECT FROM pg_temp.given AS g WHERE g.is_email AND g.emails = 1 AND g.email = c.email);
  missing := ARRAY(
    SELECT c.contact_id FROM timesheet.contacts AS c
    WHERE c.removed_at IS NULL
      AND NOT EXISTS (SELECT FROM pg_temp.given AS g WHERE g.is_email AND g.emails = 1 AND g.email = c.email));
  IF NOT coalesce(allow_mass_deletion, false)
     AND (2 * cardinality(missing) > before
          OR EXISTS (SELECT FROM timesheet.contacts AS c WHERE c.missing_since IS NOT NULL AND c.removed_at IS NULL))
  THEN
    UPDATE timesheet.contacts AS c SET missing_since = now()
    WHERE c.contact_id = ANY (missing) AND c.removed_at IS NULL AND c.missing_since IS NULL;
  ELSE
    UPDATE timesheet.contacts AS c SET removed_at = now(), missing_since = NULL
    WHERE c.contact_id = ANY (missing) AND c.removed_at IS NULL;
    GET DIAGNOSTICS removed = ROW_COUNT;
  END IF;
  RETURN removed;
END
$$;
COMMENT ON FUNCTION timesheet.remove_unlisted_contacts(int, boolean) IS
  'Removes the contacts that pg_temp.given does not list, which timesheet.store_contacts() makes; or sets their '
  'missing_since where that would be more than half of the number before, or some are held back already, unless '
  'allow_mass_deletion. Returns how many were removed.';
CALL timesheet.set_grants('FUNCTION timesheet.remove_unlisted_contacts(int, boolean)');
