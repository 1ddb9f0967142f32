-- Where a number comes from, down to what Jibble sent and when.
CREATE OR REPLACE FUNCTION timesheet.rule_text(end_reason text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE end_reason
    WHEN 'next_activity' THEN 'R5: the next work entry ends it'
    WHEN 'break' THEN 'R5: the next break ends it'
    WHEN 'clock_out' THEN 'R5: a clock-out ends it'
    WHEN 'auto_clock_out' THEN 'R5, R7: Jibble''s automatic clock-out ends it; counted as unconfirmed'
    WHEN 'running' THEN 'R6: nothing has come since, and max_session has not passed: it ends now; counted as unconfirmed'
    WHEN 'missing_clock_out' THEN 'R6: no event may end it: it ends at the end of its workday, after max_session or at the next event, whichever is first, or at its start where settings.missing_clock_out is zero; counted as unconfirmed'
    WHEN 'break_left_open' THEN 'R6: no event may end the break: it counts as nothing'
  END
$$;
COMMENT ON FUNCTION timesheet.rule_text(text) IS 'The rule behind an end_reason of timesheet.sessions(), in words.';
CALL timesheet.set_grants('FUNCTION timesheet.rule_text(text)');
