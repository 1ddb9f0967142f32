-- Release: 0.1.0
-- The marks of stale days are set by agent and day: what looked for an entry's neighbours takes other arguments.
DROP FUNCTION IF EXISTS timesheet.adjacent_workdays; -- a new database does not have it

INSERT INTO timesheet.schema_migrations (version, name) VALUES (20, '0020_adjacent_workdays');
