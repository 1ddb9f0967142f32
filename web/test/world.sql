-- What the sample organisation lacks.
\ir ../demo/clients.sql
-- A second version of an entry, and runs that make the feed up to date.
INSERT INTO timesheet.raw_events (resource, jibble_id, payload, ingest_run_id)
SELECT r.resource, r.jibble_id, replace(r.payload::text, '"note":null', '"note":"forgot to say"')::json, r.ingest_run_id
FROM timesheet.raw_events AS r WHERE r.resource = 'TimeEntries' AND r.payload::text LIKE '%"note":null%'
ORDER BY r.raw_event_id LIMIT 1;
INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at, pages, rows, new)
SELECT c.command, current_date - c.days, current_date + 1, 'succeeded', now() - c.ago,
  now() - c.ago + interval '2 seconds', 3, 180, 0
FROM (VALUES ('nightly', 35, interval '1 minute'), ('sync', 3, interval '30 seconds')) AS c (command, days, ago);
SELECT timesheet.refresh() \g /dev/null
