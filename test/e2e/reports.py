"""Whether the views say what the engine's functions say, read in one snapshot."""

from collections import defaultdict

from conftest import ENGINES

RANK = {"Out": 0, "StartBreak": 1, "In": 2}  # R2
# view, its columns that identify and count, and the same by the functions
PAIRS = {
    "daily_report": (
        "SELECT workday, agent_id, client_group_id, activity_id, work_seconds, unconfirmed_seconds, break_seconds, "
        "manual_seconds, sessions, incomplete_sessions"
        " FROM timesheet.daily_report",
        "SELECT workday, agent_id, client_group_id, activity_id, work_seconds, unconfirmed_seconds, break_seconds, "
        "manual_seconds, session_count, incomplete_count"
        " FROM timesheet.daily_hours(NULL, NULL)",
    ),
    "weekly_report": (
        "SELECT week_start, agent_id, client_group_id, activity_id, work_seconds, unconfirmed_seconds, "
        "break_seconds, manual_seconds, sessions, incomplete_sessions"
        " FROM timesheet.weekly_report",
        "SELECT week_start, agent_id, client_group_id, activity_id, work_seconds, unconfirmed_seconds, "
        "break_seconds, manual_seconds, session_count, incomplete_count"
        " FROM timesheet.weekly_hours(NULL, NULL)",
    ),
    "session_log": (
        "SELECT agent_id, client_group_id, activity_id, workday, kind, started_at, ended_at, seconds, end_reason, "
        "is_complete, jibble_activity_id FROM timesheet.session_log",
        "SELECT * FROM timesheet.sessions(NULL, NULL)",
    ),
    "notes": (
        "SELECT workday, agent_id, client_group_id, code, at, detail, jibble_activity_id FROM timesheet.notes",
        "SELECT * FROM timesheet.notes(NULL, NULL)",
    ),
}


def attendance(db):
    """R9 by hand: {(agent, workday): (clock-in, clock-out, last activity, work, break, codes, client group,
    all client groups)}."""
    days = defaultdict(lambda: [None, None, None, 0, 0, set(), None, set()])
    sessions = defaultdict(list)
    for agent, workday, kind, begin, end, reason, id, group in db.execute(
        "SELECT agent_id, workday, kind, started_at, ended_at, end_reason, jibble_activity_id, client_group_id "
        "FROM timesheet.sessions(NULL, NULL)"
    ):
        sessions[agent, workday].append((begin, {"break": 1, "work": 2}[kind], id, end, reason, group))
    for key, of_day in sessions.items():
        works = [s[0] for s in of_day if s[1] == 2]
        _, _, _, end, reason, days[key][6] = max(of_day, key=lambda s: s[:3])
        days[key][:2] = min(works, default=None), end if reason in ("clock_out", "auto_clock_out") else None
    for agent, workday, at, group in db.execute(
        "SELECT agent_id, workday, start_time_utc, client_group_id FROM timesheet.time_entries"
        " WHERE deleted_at IS NULL AND raw_type = ANY (%s) ORDER BY start_time_utc, kind, jibble_activity_id",
        (list(RANK),),
    ):
        days[agent, workday][2] = at
        if (agent, workday) not in sessions:
            days[agent, workday][6] = group
    for agent, workday, work, rest, groups in db.execute(
        "SELECT agent_id, workday, sum(work_seconds)::int, sum(break_seconds)::int, array_agg(client_group_id)"
        " FROM timesheet.daily_hours(NULL, NULL) GROUP BY 1, 2"
    ):
        days[agent, workday][3:5] = work, rest
        days[agent, workday][7] = set(groups)
        if (agent, workday) not in sessions:
            days[agent, workday][6] = groups[0]  # of typed-in hours, all of one noon
    for agent, workday, code in db.execute(
        "SELECT agent_id, workday, code FROM timesheet.notes(NULL, NULL) WHERE code <> 'rejected_entry'"
    ):
        if (agent, workday) in days:
            days[agent, workday][5].add(code)
    names = dict(db.execute("SELECT nullif(key, 0), name FROM timesheet.client_group_names").fetchall())
    return {
        key: (*row[:5], ", ".join(sorted(row[5])), row[6], tuple(sorted({names[g] for g in row[7]})))
        for key, row in days.items()
    }


COMPARED = """
    WITH shown AS MATERIALIZED ({shown}), wanted AS MATERIALIZED ({wanted})
    SELECT (SELECT count(*) FROM shown), (SELECT count(*) FROM wanted),
      ARRAY(SELECT e::text FROM (TABLE shown EXCEPT ALL TABLE wanted) AS e ORDER BY 1 LIMIT 3),
      ARRAY(SELECT e::text FROM (TABLE wanted EXCEPT ALL TABLE shown) AS e ORDER BY 1 LIMIT 3)"""


def differences(db):
    """{view: (rows of the view, rows that it should have, some that only the view has, some that it lacks)},
    empty if all is exact by both engines. The server compares, as reading every row here takes longer than that."""
    found = {}
    for engine in ENGINES:
        with db.transaction():
            db.execute("SELECT timesheet.use_engine(%s)", (engine,))
        with db.transaction():
            db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            for view, (shown, wanted) in PAIRS.items():
                *counts, extra, lacking = db.execute(COMPARED.format(shown=shown, wanted=wanted)).fetchone()
                if extra or lacking:
                    found[engine, view] = *counts, extra, lacking
            shown = [
                ((agent, workday), *rest, tuple(sorted(groups)))
                for agent, workday, *rest, groups in db.execute(
                    "SELECT agent_id, workday, clock_in, clock_out, last_activity_at, work_seconds, "
                    "break_seconds, notes, client_group_id, client_groups FROM timesheet.attendance"
                )
            ]
            wanted = [(key, *row) for key, row in attendance(db).items()]
        extra, lacking = set(shown) - set(wanted), set(wanted) - set(shown)
        if extra or lacking or len(shown) != len(wanted):
            found[engine, "attendance"] = (
                len(shown),
                len(wanted),
                sorted(extra, key=repr)[:3],
                sorted(lacking, key=repr)[:3],
            )
    return found


def contents(db, *views):
    """How many rows the functions give for each of these, and a hash of them all."""
    return [
        db.execute(
            f"SELECT count(*), md5(string_agg(r::text, chr(10) ORDER BY r::text)) FROM ({PAIRS[view][1]}) AS r"
        ).fetchone()
        for view in views
    ]
