"""Commands under --time-limit: one call, and calls until nothing is left."""

import time

SLACK = 2  # seconds: to start a process on a busy machine, and libcurl's own clock


def limited(daemon, seconds, *arguments, **environment):
    """One call, which must end before its limit; its log."""
    began = time.monotonic()
    done = daemon(*arguments, "--time-limit", str(seconds), **environment)
    took = time.monotonic() - began
    assert took < seconds + SLACK, (took, done.stderr)
    assert done.returncode == 0, done.stderr
    return done.stderr


def is_left(log):
    """Whether the same command, called again, goes on."""
    return "left: " in log.splitlines()[-1] and "the next call" in log.splitlines()[-1]


def until_nothing_is_left(daemon, seconds, *arguments, at_most=60, **environment):
    """Calls the command again and again; the log of each call."""
    logs = []
    while not logs or is_left(logs[-1]):
        assert len(logs) < at_most, logs[-3:]
        logs.append(limited(daemon, seconds, *arguments, **environment))
    return logs
