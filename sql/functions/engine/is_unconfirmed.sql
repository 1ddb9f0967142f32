-- R10: work that ended for one of these reasons is unconfirmed: no person ended it. The extension has the same list in
-- extension/src/engine/entry.hpp; timesheet.unconfirmed_text() says it to people.
CREATE OR REPLACE FUNCTION timesheet.is_unconfirmed(end_reason timesheet.end_reason) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT end_reason = 'auto_clock_out' OR end_reason = 'missing_clock_out' OR end_reason = 'running'
$$;
COMMENT ON FUNCTION timesheet.is_unconfirmed(timesheet.end_reason) IS
  'Whether the seconds of a work session that ended for this reason are unconfirmed (R10).';
CALL timesheet.set_grants('FUNCTION timesheet.is_unconfirmed(timesheet.end_reason)', 'EXECUTE TO timesheet_reader');
