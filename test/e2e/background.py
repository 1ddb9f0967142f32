"""A statement that runs while the test does something else, and whether it waits."""

import threading

import psycopg

from conftest import wait_until


class InTheBackground(threading.Thread):
    """Runs it at once; join() gives its result or raises its error."""

    def __init__(self, function, *arguments):
        super().__init__()
        self.call, self.result, self.error = lambda: function(*arguments), None, None
        self.start()

    def run(self):
        try:
            self.result = self.call()
        except (psycopg.Error, AssertionError) as e:
            self.error = e

    def ends_within(self, seconds):
        super().join(seconds)
        return not self.is_alive()

    def join(self):
        super().join(120)
        assert not self.is_alive(), "it hangs"
        if self.error:
            raise self.error
        return self.result


def waits_for_a_lock(db, connection):
    return wait_until(
        lambda: db.execute(
            "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", (connection.info.backend_pid,)
        ).fetchone()[0]
        or None
    )
