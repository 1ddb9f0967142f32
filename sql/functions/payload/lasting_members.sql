-- A member that an answer does not have is unknown, not null: it never changes what was known. Which members an answer
-- has depends on how it was asked for, and on what the key may see.
CREATE OR REPLACE FUNCTION timesheet.lasting_members(of_resource text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN CASE of_resource
    WHEN 'TimeEntries' THEN ARRAY['personId', 'activityId', 'type', 'clientType', 'time', 'offset', 'belongsToDate',
      'isManual', 'createdAt', 'updatedAt', 'status']
    WHEN 'HourEntries' THEN ARRAY['personId', 'activityId', 'date', 'duration', 'status']
    WHEN 'People' THEN ARRAY['fullName', 'email', 'code', 'status', 'groupId', 'ICalculationSettings/TimeSheetTimeZone',
      'ICultureSettings/TimeZone']
    WHEN 'TimeTrackingPeople' THEN ARRAY['fullName', 'timeSheetTimeZone', 'timeZone']
    WHEN 'Organizations' THEN ARRAY['ICalculationSettings/TimeSheetTimeZone', 'ICultureSettings/TimeZone']
    WHEN 'Groups' THEN ARRAY['name', 'code', 'status']
    WHEN 'Activities' THEN ARRAY['name', 'code', 'status']
    ELSE '{}'
  END;
END
$$;
COMMENT ON FUNCTION timesheet.lasting_members(text) IS
  'The members that are read of an object of this resource, and that stay known where a later version does not have '
  'them.';
CALL timesheet.set_grants('FUNCTION timesheet.lasting_members(text)');
