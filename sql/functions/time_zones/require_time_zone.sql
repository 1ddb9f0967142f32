-- Instead of a CHECK, which a restore would try against another server's zones.
CREATE OR REPLACE FUNCTION timesheet.require_time_zone() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  is_default CONSTANT boolean := TG_TABLE_NAME = 'settings';
  before text;
  given text;
  known text;
BEGIN
  -- Fields that the other tables' rows do not have are asked for in statements of their own.
  IF is_default THEN
    given := NEW.default_time_zone;
  ELSE
    given := NEW.time_zone;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF is_default THEN
      before := OLD.default_time_zone;
    ELSE
      before := OLD.time_zone;
    END IF;
  END IF;
  IF given IS NULL OR given IS NOT DISTINCT FROM before THEN
    RETURN NEW; -- also where the server has forgotten it: nothing else of the row waits for that
  END IF;
  known := timesheet.canonical_time_zone(given);
  IF known IS NULL THEN
    RAISE EXCEPTION 'time zone "%" is not known, which violates "%"', left(given, 80), TG_ARGV[0]
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
        HINT = 'Use a name of pg_timezone_names, such as Asia/Manila, or an offset such as UTC+08:00.';
  END IF;
  IF is_default THEN
    NEW.default_time_zone := known;
  ELSE
    NEW.time_zone := known;
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION timesheet.require_time_zone() IS
  'Trigger: writes the zone of a row as timesheet.canonical_time_zone() reads it, and refuses one that is not known. '
  'Errors: check_violation, by the name given to the trigger.';
CREATE OR REPLACE TRIGGER require_time_zone BEFORE INSERT OR UPDATE OF default_time_zone ON timesheet.settings
  FOR EACH ROW EXECUTE FUNCTION timesheet.require_time_zone('default_time_zone_must_be_in_pg_timezone_names');
CREATE OR REPLACE TRIGGER require_time_zone BEFORE INSERT OR UPDATE OF time_zone ON timesheet.client_groups
  FOR EACH ROW EXECUTE FUNCTION timesheet.require_time_zone('client_group_time_zone_must_be_in_pg_timezone_names');
CREATE OR REPLACE TRIGGER require_time_zone BEFORE INSERT OR UPDATE OF time_zone ON timesheet.working_time_overrides
  FOR EACH ROW EXECUTE FUNCTION timesheet.require_time_zone('override_time_zone_must_be_in_pg_timezone_names');
CALL timesheet.set_grants('FUNCTION timesheet.require_time_zone()');
