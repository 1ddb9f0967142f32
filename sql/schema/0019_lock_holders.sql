-- Release: 0.1.0
-- Who holds the lock of a pass is of no use after a crash of the server, which ends the holder too: it needs no WAL.

ALTER TABLE timesheet.lock_holders SET UNLOGGED;

INSERT INTO timesheet.schema_migrations (version, name) VALUES (19, '0019_lock_holders');
