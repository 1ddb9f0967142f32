"""Reading to the last row: $skip paging, caps of the server's own, tokens that end, passing faults."""

WINDOW = ("--since", "2026-11-09", "--until", "2026-11-25")


def stored(db):
    return db.execute("SELECT count(*) FROM timesheet.raw_events WHERE resource = 'TimeEntries'").fetchone()[0]


def test_small_pages_bring_what_large_ones_bring(daemon, db, jibble):
    daemon.must("sync", *WINDOW)
    whole = stored(db)
    assert whole > 1000
    jibble.admin("DELETE", "requests")
    daemon.must("sync", *WINDOW, JIBBLE_PAGE_SIZE="7")
    assert stored(db) == whole
    assert len(jibble.requests("TimeEntries")) >= whole / 7


def test_a_token_is_used_again_and_fetched_again_on_a_401(daemon, jibble):
    daemon.must("sync", *WINDOW)
    assert len(jibble.requests("connect/token")) == 1
    jibble.admin("DELETE", "requests")
    jibble.admin("POST", "faults", {"path_contains": "TimeEntries", "times": 1, "action": "status", "status": 401})
    daemon.must("sync", *WINDOW)
    assert len(jibble.requests("connect/token")) == 2


def test_people_are_never_asked_for_whole(daemon, jibble):
    daemon.must("sync", *WINDOW)
    asked = [r["query"] for r in jibble.requests("/People")]
    assert asked and all("$select=" in query for query in asked)
    assert not any("pin" in query.lower() or "face" in query.lower() for query in asked)


def test_passing_faults_are_overcome(daemon, db, jibble):
    for action in ("close", "cut", "truncate", "malform"):
        jibble.admin("POST", "faults", {"path_contains": "TimeEntries", "times": 1, "action": action})
    daemon.must("sync", *WINDOW)
    assert stored(db) > 1000


def test_rows_inserted_while_paging_are_not_missed(daemon, db, jibble):
    daemon.must("sync", *WINDOW)
    template = next(
        p
        for p, in db.execute(
            "SELECT payload FROM timesheet.raw_events WHERE resource = 'TimeEntries' AND payload->>'type' = 'In'"
            " AND payload->>'belongsToDate' = '2026-11-18'"
        )
    )
    new = template | {"id": "00000000-0000-4000-8000-000000000009", "time": "2026-11-18T03:21:00Z"}
    jibble.admin("POST", "insert-while-paging", {"resource": "TimeEntries", "after_requests": 3, "object": new})
    daemon.must("sync", *WINDOW, JIBBLE_PAGE_SIZE="200")
    assert db.execute(
        "SELECT count(*) FROM timesheet.time_entries WHERE jibble_activity_id = %s", (new["id"],)
    ).fetchone() == (1,)
