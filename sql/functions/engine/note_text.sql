-- R13: what a note says, whichever engine found it: one text for each code. The facts are, in their order, for
-- missing_clock_out, break_left_open and auto_clock_out the length counted; for long_session the length and the limit;
-- for unknown_type the type; for odd_workday Jibble's date; for unknown_time_zone the zone and the one that hours are
-- counted in, or, of a client group's reports, null and the group's name; for rejected_entry the raw event.
CREATE OR REPLACE FUNCTION timesheet.note_text(code text, VARIADIC facts text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT CASE code
    WHEN 'missing_clock_out' THEN 'no clock-out; counted ' || facts[1]
    WHEN 'break_left_open' THEN 'the break has no end; counted ' || facts[1]
    WHEN 'auto_clock_out' THEN 'Jibble clocked out automatically; counted ' || facts[1]
    WHEN 'long_session' THEN 'work of ' || facts[1] || ', longer than ' || facts[2]
    WHEN 'clock_out_without_clock_in' THEN 'nothing was open to clock out of'
    WHEN 'no_client_group' THEN 'the agent was in no client group'
    WHEN 'unknown_type' THEN coalesce('type "' || facts[1] || '" is not known', 'the entry has no type')
    WHEN 'odd_workday' THEN 'Jibble''s date ' || facts[1] || ' is more than a day off'
    WHEN 'unknown_time_zone' THEN 'time zone "' || facts[1] || '"'
      || coalesce(', in which reports to ' || facts[3] || ' show times,', '')
      || ' is not known here' || coalesce('; counted in ' || facts[2], '')
    WHEN 'rejected_entry' THEN 'raw event ' || facts[1] || ' could not be understood; see timesheet.ingest_problems'
  END
$$;
COMMENT ON FUNCTION timesheet.note_text(text, text[]) IS
  'What a note of this code says (R13): the detail of timesheet.notes(). Lengths, dates and ids are given as text, in '
  'the order in which the sentence names them.';
CALL timesheet.set_grants('FUNCTION timesheet.note_text(text, text[])');
