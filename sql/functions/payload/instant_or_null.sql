-- For members that are worth knowing but not worth refusing an object for. Most texts can be recognised
-- apart by their form alone; trying costs a subtransaction. Inlined by the planner.
CREATE OR REPLACE FUNCTION timesheet.instant_or_null(given text) RETURNS timestamptz
LANGUAGE sql STABLE
AS $$
  SELECT CASE
    WHEN given ~
      '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?Z$'
      THEN timesheet.cut_to_microseconds(given)::timestamptz
    WHEN given ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$'
      THEN timesheet.try_instant(given)
  END
$$;
COMMENT ON FUNCTION timesheet.instant_or_null(text) IS
  'An ISO 8601 instant (UTC if it names no zone), cut to microseconds, or null where the text is none.';
CALL timesheet.set_grants('FUNCTION timesheet.instant_or_null(text)');
