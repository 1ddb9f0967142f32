-- R10: timesheet.is_unconfirmed() in words, for the e-mail's footer and the dashboard alike.
CREATE OR REPLACE FUNCTION timesheet.unconfirmed_text() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 'still running, no clock-out, or clocked out automatically';
COMMENT ON FUNCTION timesheet.unconfirmed_text() IS
  'What makes hours unconfirmed (R10), for people: the reasons of timesheet.is_unconfirmed() in words.';
CALL timesheet.set_grants('FUNCTION timesheet.unconfirmed_text()', 'EXECUTE TO timesheet_reader');
