-- How a session ended, with the rule of docs/rules.md behind it. The words come first: a number alone says nothing.
CREATE OR REPLACE FUNCTION timesheet.rule_text(end_reason text, is_work boolean, missing_clock_out text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE end_reason
    WHEN 'next_activity' THEN 'until the next activity began (rule R5)'
    WHEN 'break' THEN CASE WHEN is_work THEN 'until a break began' ELSE 'until the next break began' END || ' (rule R5)'
    WHEN 'clock_out' THEN 'until the clock-out (rule R5)'
    WHEN 'auto_clock_out' THEN 'until Jibble clocked the agent out automatically (rule R7)'
    WHEN 'running' THEN 'until now, as no entry has ended it and the longest session allowed has not passed (rule R6)'
    WHEN 'missing_clock_out' THEN 'without a clock-out: it counts '
      || CASE missing_clock_out WHEN 'zero' THEN 'as nothing, as the setting for missing clock-outs says'
         ELSE 'until the end of its workday, the next entry or the longest session allowed, whichever comes first' END
      || ' (rule R6)'
    WHEN 'break_left_open' THEN 'that no entry ended, so it counts as nothing (rule R6)'
  END || CASE WHEN is_work AND timesheet.is_unconfirmed(end_reason::timesheet.end_reason)
    THEN '; its hours are unconfirmed (rule R10)' ELSE '' END
$$;
COMMENT ON FUNCTION timesheet.rule_text(text, boolean, text) IS
  'How a session of timesheet.sessions() ended, as the rest of a sentence ("worked on Desk until …"), with the rule. '
  'missing_clock_out is the setting.';
CALL timesheet.set_grants('FUNCTION timesheet.rule_text(text, boolean, text)');
