CREATE OR REPLACE FUNCTION timesheet.digest_sections_length(corrections jsonb, notes jsonb, activities jsonb)
  RETURNS int
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT (
    (SELECT coalesce(sum(1500 + timesheet.html_length(c ->> 'reasons') + (
       SELECT coalesce(sum(400 + timesheet.html_length(concat(a ->> 'name', a ->> 'client_group'))), 0)
       FROM jsonb_array_elements(c -> 'agents') AS e (a))), 0)
     FROM jsonb_array_elements(corrections) AS e (c))
    + (SELECT coalesce(sum(370 + timesheet.html_length(concat(n ->> 'agent', n ->> 'name', n ->> 'client_group',
         n ->> 'time_zone', n ->> 'text'))), 0)
       FROM jsonb_array_elements((notes -> 'listed') || (notes -> 'more_agents')) AS e (n))
    + (SELECT coalesce(sum(745 + timesheet.html_length(a ->> 'name')), 0)
       FROM jsonb_array_elements(activities -> 'listed') AS e (a)))::int
$$;
COMMENT ON FUNCTION timesheet.digest_sections_length(jsonb, jsonb, jsonb) IS
  'About how many bytes the sections of corrections, notes and activities take in an e-mail.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_sections_length(jsonb, jsonb, jsonb)');
