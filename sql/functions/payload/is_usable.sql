-- By its form alone, not by which versions were understood so far: else replay would not give the same.
CREATE OR REPLACE FUNCTION timesheet.is_usable(name text, value text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO'
AS $$
BEGIN
  RETURN value IS NULL OR CASE name
    WHEN 'activityId' THEN timesheet.is_no_id(value) OR timesheet.guid_or_null(value) IS NOT NULL
    WHEN 'groupId' THEN timesheet.is_no_id(value) OR timesheet.guid_or_null(value) IS NOT NULL
    WHEN 'personId' THEN timesheet.guid_or_null(value) IS NOT NULL
    WHEN 'time' THEN coalesce(left(value, 2) IN ('19', '20', '21', '22', '23', '24', '25', '26', '27', '28', '29')
      AND timesheet.instant_or_null(value) IS NOT NULL, false)
    WHEN 'belongsToDate' THEN timesheet.try_date(left(value, 10)) IS NOT NULL AND value ~ '^.{10}(T.*)?$'
    WHEN 'date' THEN timesheet.try_date(left(value, 10)) BETWEEN '1900-01-01' AND '2999-12-31'
      AND value ~ '^.{10}(T.*)?$'
    WHEN 'duration' THEN timesheet.try_duration(value) BETWEEN interval '0' AND interval '8784 hours'
    ELSE true
  END;
END
$$;
COMMENT ON FUNCTION timesheet.is_usable(text, text) IS
  'Whether a value is valid for this member of an object; null is.';
CALL timesheet.set_grants('FUNCTION timesheet.is_usable(text, text)');
