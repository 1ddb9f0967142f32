CREATE OR REPLACE FUNCTION timesheet.read_id(given text) RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE -- without a SET clause, so that the planner inlines it
AS $$
  SELECT CASE
    WHEN given IS NULL THEN NULL
    -- The usual form; a regular expression for the whole of it would cost four times as much.
    WHEN given LIKE '________-____-____-____-____________' AND given !~ '[^0-9A-Fa-f-]'
      AND given NOT LIKE '%-%-%-%-%-%' THEN timesheet.id_or_null(given::uuid)
    WHEN NOT timesheet.is_no_id(given) THEN coalesce(timesheet.guid_or_null(given),
      timesheet.reject(format('the id "%s" is not in GUID form', left(given, 80)))::uuid) END
$$;
COMMENT ON FUNCTION timesheet.read_id(text) IS
  'The id of another object that an object names, in any of the forms that timesheet.guid_or_null() reads; null for '
  'none (timesheet.is_no_id()). Errors: data_exception for any other text.';
CALL timesheet.set_grants('FUNCTION timesheet.read_id(text)');
