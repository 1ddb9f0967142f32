"""What tests of locks stand on: a stranger who holds every old advisory lock,
and words to look at who holds which lock."""

import contextlib

import psycopg

KEYS = range(7305411296548860, 7305411296548868)  # the advisory locks that there were
MODES = (
    "ACCESS SHARE",
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
)
LOCKS = (
    "ingest_lock",
    "digest_lock",
    "writers_lock",
    "raw_events_lock",
    "refresh_lock",
    "contacts_lock",
    "digest_queue_lock",
    "audit_lock",
    "operator_lock",
    "alerts_lock",
    "replay_lock",
)


@contextlib.contextmanager
def every_advisory_lock(uri):
    """Holds each old key in both its forms: of the session, and of a transaction that stays open."""
    with psycopg.connect(uri) as db:
        for key in KEYS:
            for of in ("advisory_lock", "advisory_xact_lock"):
                db.execute(f"SELECT pg_{of}(%s), pg_{of}((%s >> 32)::int, (%s & 2147483647)::int)", (key, key, key))
        assert db.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        ).fetchone() == (16,)
        yield


def holder_of(db, lock):
    """The server's process that holds the lock, or None."""
    found = db.execute(
        "SELECT l.pid FROM pg_locks AS l WHERE l.relation = %s::regclass AND l.granted "
        "AND l.mode = 'ShareUpdateExclusiveLock'",
        (f"timesheet.{lock}",),
    ).fetchone()
    return found and found[0]


def with_lock_timeout(uri, text):
    return f"{uri}?options=-c%20lock_timeout%3D{text}"
