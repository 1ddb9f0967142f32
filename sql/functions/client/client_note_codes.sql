-- Listed one by one, so that a note about the office's data, not about hours, is shown to no client.
CREATE OR REPLACE FUNCTION timesheet.client_note_codes() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT '{missing_clock_out,break_left_open,auto_clock_out,long_session,clock_out_without_clock_in,unknown_type,'
    'odd_workday}'::text[]
$$;
COMMENT ON FUNCTION timesheet.client_note_codes() IS
  'The codes of timesheet.notes() that a client may see, each of its own entries (R13). The others are about what has '
  'no client group, or about the office''s data.';
CALL timesheet.set_grants('FUNCTION timesheet.client_note_codes()');
