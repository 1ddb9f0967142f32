"""Measuring two things side by side, and saying how they compare."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

RUNS = 5
TARGETS = {
    "weekly_native_over_scan": 1.0,
    "weekly_native_over_scan_dirty": 1.25,
    "weekly_sql_over_scan": 10,
    "weekly_parallel_over_scan": 0.55,
    "agent_week_growth": 1.5,
    "stop_over_run": 0.1,
    "refresh_growth": 1.5,
    "report_growth": 1.5,
    "report_all_stale": 25,
    "report_all_stale_growth": 1.5,
    "page_over_floor": 1.6,
    "page_growth": 1.5,
    "ingest_over_copy": 0.7,
    "replay_over_copy": 0.5,
    "replay_wait": 3,
    "poll_over_read": 1.5,
    "daemon_peak_rss": 32,
}
AT_LEAST = {"ingest_over_copy", "replay_over_copy"}  # of the others, less is better
only = set(TARGETS)  # the lines that this run was asked for
reported = set()
missed = []


def wanted(*names):
    """Whether any of these lines was asked for, so that what it needs is worth its time."""
    return not only.isdisjoint(names)


def ratio(pairs):
    """Of pairs (seconds, seconds of the baseline right after), so that a slow minute of the machine tells nothing."""
    return statistics.median(a / b for a, b in pairs)


def made_of(pairs):
    return (
        f"{statistics.median(a for a, _ in pairs):.4f} s over {statistics.median(b for _, b in pairs):.4f} s,"
        f" {len(pairs)} runs each in turn"
    )


def report(name, value, unit, made_of_what):
    """One line for the figure, one for what it was made of; a missed target is remembered. Nothing if the line was not
    asked for."""
    if not wanted(name):
        return
    reported.add(name)
    print(f"bench: {name} {value:.3f} {unit}", flush=True)
    print(f"#   {made_of_what}, target {TARGETS[name]}", flush=True)
    if value < TARGETS[name] if name in AT_LEAST else value > TARGETS[name]:
        missed.append(f"{name} is {value:.3f}, target {TARGETS[name]}")


def figure(name, pairs):
    report(name, ratio(pairs), "ratio", made_of(pairs))


def seconds(db, query):
    begin = time.perf_counter()
    db.execute(query).fetchall()
    return time.perf_counter() - begin


def seconds_at_once(queries):
    """From the start of the first to the end of the last of (connection, query), each in its own session."""
    begin = time.perf_counter()
    with ThreadPoolExecutor(len(queries)) as pool:
        list(pool.map(lambda q: seconds(*q), queries))
    return time.perf_counter() - begin


def side_by_side(one, other):
    """Measures two things in turn, after a warm-up of each that is not counted; what is short, more often."""
    one(), other()
    pairs = []
    while len(pairs) < RUNS or (len(pairs) < 5 * RUNS and sum(a + b for a, b in pairs) < 10):
        pairs.append((one(), other()))
    return pairs


def connect(uri):
    db = psycopg.connect(uri, autocommit=True)
    db.execute("SET jit = off")
    return db
