-- What roles may do with the schemas and with the tables that sql/schema makes; of functions and views, their own files
-- say it. What is not named here is the owner's alone.
--
-- timesheet_reader reads for others, for the dashboard and for BI tools. It can change nothing: it has SELECT on views
-- and on the tables that everybody may read, and EXECUTE on what reads. Functions are given one by one: another that
-- reads may show what is not for readers, such as the token of a link. What it may call runs with its owner's rights,
-- so that it needs none on what lies below, and so that no row-level security can take an event from the engine: two
-- hours would become fifteen. None of it can be turned against the owner: each has a fixed search_path and statements
-- of its own only.
--
-- timesheet_ingest is the daemon's role for everything but migrate. It calls a few functions, which run with their
-- owner's rights, and reads what it prints. So with a stolen password of it one can feed events and send what is due,
-- but cannot change or delete what was kept, and reads no more of it than digests and audits show.
--
-- timesheet_operator reads the same as timesheet_reader and calls the functions operate_…(), each of which records
-- who did it: all that staff change from the dashboard.
--
-- timesheet_client, of which each client's role is a member, has the schema timesheet_client and nothing else;
-- timesheet_unsubscribe has one function. timesheet_portal has the functions portal_…(): they show what the contact of
-- a token may see, count that it looked, and store who asks for a fresh link. A token that is not valid shows nothing.

CALL timesheet.set_grants(
  'SCHEMA timesheet',
  'USAGE TO timesheet_ingest, timesheet_reader, timesheet_unsubscribe, timesheet_portal');
CALL timesheet.set_grants('SCHEMA timesheet_client', 'USAGE TO timesheet_client');

CALL timesheet.set_grants('TABLE timesheet.activities', 'SELECT TO timesheet_reader');
CALL timesheet.set_grants('TABLE timesheet.agents', 'SELECT TO timesheet_reader');
CALL timesheet.set_grants('TABLE timesheet.alerts', 'SELECT TO timesheet_reader');
CALL timesheet.set_grants('TABLE timesheet.audit_findings', 'SELECT TO timesheet_reader');
CALL timesheet.set_grants('TABLE timesheet.audits', 'SELECT TO timesheet_reader');
CALL timesheet.set_grants('TABLE timesheet.client_groups', 'SELECT TO timesheet_reader');
CALL timesheet.set_grants('TABLE timesheet.contact_problems', 'SELECT TO timesheet_ingest, timesheet_reader');
CALL timesheet.set_grants(
  'TABLE timesheet.contacts',
  'SELECT (contact_id, unsubscribe_token, missing_since) TO timesheet_ingest');
CALL timesheet.set_grants('TABLE timesheet.held_deletions', 'SELECT TO timesheet_reader');
CALL timesheet.set_grants('TABLE timesheet.ingest_problems', 'SELECT TO timesheet_reader');
CALL timesheet.set_grants('TABLE timesheet.ingest_runs', 'SELECT TO timesheet_reader');
CALL timesheet.set_grants('TABLE timesheet.notification_ways', 'SELECT TO timesheet_reader');
CALL timesheet.set_grants('TABLE timesheet.operator_actions', 'SELECT TO timesheet_reader');
CALL timesheet.set_grants('TABLE timesheet.poller', 'SELECT TO timesheet_reader');
CALL timesheet.set_grants('TABLE timesheet.poller_calls', 'SELECT TO timesheet_reader');
CALL timesheet.set_grants('TABLE timesheet.raw_events', 'SELECT TO timesheet_reader');
CALL timesheet.set_grants('TABLE timesheet.scheduled_jobs', 'SELECT TO timesheet_reader');
CALL timesheet.set_grants('TABLE timesheet.schema_migrations', 'SELECT TO timesheet_ingest, timesheet_reader');
CALL timesheet.set_grants(
  'TABLE timesheet.settings',
  'SELECT TO timesheet_reader',
  'SELECT (stale_after) TO timesheet_ingest');
CALL timesheet.set_grants('TABLE timesheet.time_entries', 'SELECT TO timesheet_reader');
CALL timesheet.set_grants('TABLE timesheet.applied_functions', 'SELECT TO timesheet_ingest, timesheet_reader');
