#!/usr/bin/env python3
"""Checks the limit on requests per second: check_rate_limit.py PATH-TO-fake-jibble"""

import collections
import concurrent.futures
import http.client
import json
import re
import subprocess
import time
import unittest

from fake_client import ENTRIES, PROGRAM, SUMMARY, Fake, instant

LIMIT = 6
HEADERS = ("X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset")


def wait_until(reset):
    """Sleeps until an instant in microseconds since 1970."""
    while time.time_ns() // 1000 < reset:
        time.sleep(0.001)


class Limited(unittest.TestCase):
    def setUp(self):
        self.fake = Fake("--requests-per-second", str(LIMIT))
        self.addCleanup(self.fake.close)

    def limits(self, response):
        """Remaining requests and reset instant that an answer names."""
        limit, remaining, reset = (response.headers.get_all(name) for name in HEADERS)
        self.assertEqual(["1s"], limit)
        self.assertEqual((1, 1), (len(remaining), len(reset)))
        self.assertRegex(reset[0], r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z\Z")
        return int(remaining[0]), instant(reset[0])

    def get_until_refused(self):
        """Asks for one entry again and again; the answers, the first refused one last."""
        answers = []
        while len(answers) < 1000:
            answers.append(self.fake.get(ENTRIES, top=1))
            if answers[-1][0] == 429:
                return answers
        self.fail("never refused")

    def test_windows_of_one_second(self):
        before = time.time_ns() // 1000
        answers = self.get_until_refused()
        self.assertEqual({200}, {status for status, _, _ in answers[:-1]})
        remaining, resets = zip(*(self.limits(response) for _, _, response in answers))
        self.assertEqual(0, remaining[-1])
        # However slow the machine, within a window the requests count down.
        for at in range(1, len(answers)):
            if resets[at] == resets[at - 1]:
                self.assertEqual(max(remaining[at - 1] - 1, 0), remaining[at])
            else:
                self.assertEqual(LIMIT - 1, remaining[at])
                self.assertGreaterEqual(resets[at], resets[at - 1] + 1_000_000)
        self.assertTrue(before + 1_000_000 <= resets[0] <= resets[-1] <= time.time_ns() // 1000 + 1_000_000)

    def test_a_refusal_says_when_to_try_again(self):
        status, text, response = self.get_until_refused()[-1]
        error = json.loads(text)["error"]
        self.assertTrue(error["code"] and error["message"] and error["innererror"]["trace"])
        self.assertNotIn("Retry-After", response.headers)
        wait_until(self.limits(response)[1])
        status, _, response = self.fake.get(ENTRIES, top=1)
        self.assertEqual((200, LIMIT - 1), (status, self.limits(response)[0]))

    def test_a_window_stays_closed_to_its_end(self):
        reset = self.limits(self.get_until_refused()[-1][2])[1]
        refused = 0
        while True:
            status, _, response = self.fake.get(ENTRIES, top=1)
            if time.time_ns() // 1000 >= reset:
                break
            self.assertEqual((429, (0, reset)), (status, self.limits(response)))
            refused += 1
            time.sleep(0.01)
        self.assertGreater(refused, 0)

    def test_tokens_and_failures_count_too(self):
        calls = (
            ("POST", "/identity/connect/token", 400),
            ("GET", ENTRIES, 401),
            ("GET", SUMMARY, 401),
            ("POST", "/identity/connect/token", 400),
            ("PUT", "/workspace/v1/People", 401),
            ("GET", "/workspace", 401),
            ("GET", ENTRIES, 429),
            ("POST", "/identity/connect/token", 429),
        )
        for _ in range(10):
            answers = [self.fake.call(method, path)[::2] for method, path, _ in calls]
            remaining, resets = zip(*(self.limits(response) for _, response in answers))
            wait_until(resets[-1])
            if len(set(resets)) == 1:
                break  # Else the machine was too slow for one window.
        self.assertEqual([status for _, _, status in calls], [status for status, _ in answers])
        self.assertEqual((5, 4, 3, 2, 1, 0, 0, 0), remaining)

    def test_the_log_shows_refusals(self):
        self.fake.admin("DELETE", "requests")
        statuses = [status for status, _, _ in self.get_until_refused()]
        self.assertEqual(
            statuses,
            [request["status"] for request in self.fake.admin("GET", "requests")[1] if request["path"] == ENTRIES],
        )

    def test_the_tests_own_endpoints_are_not_limited(self):
        for _ in range(3 * LIMIT):
            status, _, response = self.fake.call("GET", "/_fake/faults")
            self.assertEqual(200, status)
            for name in HEADERS:
                self.assertNotIn(name, response.headers)
        self.assertEqual(LIMIT - 1, self.limits(self.fake.call("GET", ENTRIES)[2])[0])

    def test_faults_come_after_the_limit(self):
        self.fake.admin("POST", "faults", {"path_contains": ENTRIES, "action": "status", "skip": 1000})
        answers = self.get_until_refused()
        (fault,) = self.fake.admin("GET", "faults")[1]
        self.assertEqual(1000 - (len(answers) - 1), fault["skip"])

    def test_a_fault_can_replace_the_headers(self):
        announced = "2030-01-01T00:00:00.0000000Z"
        self.fake.admin("POST", "faults", {"action": "status", "status": 503, "headers": {HEADERS[2]: announced}})
        self.fake.admin("POST", "faults", {"action": "status", "status": 500})
        status, _, response = self.fake.call("GET", ENTRIES)
        self.assertEqual((503, (LIMIT - 1, instant(announced))), (status, self.limits(response)))
        status, _, response = self.fake.call("GET", ENTRIES)
        self.assertEqual(500, status)
        self.assertNotEqual(instant(announced), self.limits(response)[1])

    def test_many_clients_share_the_limit(self):
        # Every window is then the sixteen clients' own.
        wait_until(self.limits(self.fake.get(ENTRIES, top=1)[2])[1])

        def ask(_):
            connection = http.client.HTTPConnection("127.0.0.1", self.fake.where["port"], timeout=20)
            answers = [self.fake.get(ENTRIES, connection=connection, top=1) for _ in range(50)]
            connection.close()
            return [(status, *self.limits(response)) for status, _, response in answers]

        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = [answer for some in pool.map(ask, range(16)) for answer in some]
        windows = collections.defaultdict(list)
        for status, remaining, reset in answers:
            windows[reset].append((status, remaining))
        self.assertIn(429, {status for status, _, _ in answers})
        for window in windows.values():
            self.check_window(window)

    def check_window(self, answers):
        left = sorted((remaining for status, remaining in answers if status == 200), reverse=True)
        self.assertEqual(list(range(LIMIT - 1, LIMIT - 1 - len(left), -1)), left)
        refused = [remaining for status, remaining in answers if status == 429]
        self.assertEqual(len(answers), len(left) + len(refused))
        if refused:
            self.assertEqual((LIMIT, {0}), (len(left), set(refused)))


class Unlimited(unittest.TestCase):
    def test_without_the_option_nothing_is_said(self):
        for options in (), ("--requests-per-second", "0"):
            fake = Fake(*options)
            self.addCleanup(fake.close)
            responses = [fake.call("POST", "/identity/connect/token", "{}")[2]]
            fake.log_in()
            for _ in range(50):
                status, _, response = fake.get(ENTRIES, top=1)
                self.assertEqual(200, status)
                responses.append(response)
            for response in responses:
                for name in HEADERS:
                    self.assertNotIn(name, response.headers)

    def test_a_bad_limit_is_wrong_usage(self):
        for text in "-1", "x", "1.5":
            done = subprocess.run([PROGRAM, "--requests-per-second", text], capture_output=True)
            self.assertEqual(2, done.returncode, text)


if __name__ == "__main__":
    unittest.main()
