#!/usr/bin/env python3
"""Checks queries, tokens, faults and changed objects: check_http.py PATH-TO-fake-jibble"""

import concurrent.futures
import http.client
import json
import time
import unittest

from fake_client import ENTRIES, Fake, instant


class Queries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.fake = Fake()
        cls.entries = cls.fake.rows(ENTRIES)

    @classmethod
    def tearDownClass(cls):
        assert cls.fake.close() == 0

    def test_filters(self):
        person = self.entries[0]["personId"]
        cases = {
            "belongsToDate ge 2026-10-01 and belongsToDate le 2026-10-07": lambda e: "2026-10-01"
            <= e["belongsToDate"]
            <= "2026-10-07",
            "belongsToDate gt 2026-10-01 and belongsToDate lt 2026-10-03": lambda e: e["belongsToDate"] == "2026-10-02",
            "belongsToDate in (2026-10-01, 2026-11-01)": lambda e: e["belongsToDate"] in ("2026-10-01", "2026-11-01"),
            "(belongsToDate eq 2026-10-01 or belongsToDate eq 2026-11-01) and type ne 'In'": lambda e: e[
                "belongsToDate"
            ]
            in ("2026-10-01", "2026-11-01")
            and e["type"] != "In",
            f"personId eq {person} and status ne 'Archived'": lambda e: e["personId"] == person
            and e["status"] != "Archived",
            "time ge 2026-10-01T00:00:00Z and time lt 2026-10-02T08:00:00+08:00": lambda e: instant(
                "2026-10-01T00:00:00Z"
            )
            <= instant(e["time"])
            < instant("2026-10-02T00:00:00Z"),
            "activityId eq null": lambda e: e["activityId"] is None,
            "isManual eq true": lambda e: e["isManual"],
            "note eq 'it''s'": lambda e: False,
            "type in ('Out','StartBreak')": lambda e: e["type"] in ("Out", "StartBreak"),
            "belongsToDate ge 2026-11-20 or isManual eq true": lambda e: e["belongsToDate"] >= "2026-11-20"
            or e["isManual"],
        }
        for text, wanted in cases.items():
            got = sorted(row["id"] for row in self.fake.rows(ENTRIES, filter=text, select="id"))
            self.assertEqual(sorted(e["id"] for e in self.entries if wanted(e)), got, text)

    def test_order(self):
        rows = self.fake.rows(ENTRIES, orderby="belongsToDate desc, time asc", select="belongsToDate,time")
        keys = [(row["belongsToDate"], instant(row["time"])) for row in rows]
        self.assertEqual(sorted(sorted(keys, key=lambda k: k[1]), key=lambda k: k[0], reverse=True), keys)
        plain = [instant(row["time"]) for row in self.fake.rows(ENTRIES)]
        self.assertNotEqual(sorted(plain), plain)

    def test_select(self):
        status, text, _ = self.fake.get("/workspace/v1/People", top=3, select="id, ICultureSettings/TimeZone")
        self.assertEqual(200, status)
        for row in json.loads(text)["value"]:
            self.assertEqual(["id", "ICultureSettings/TimeZone"], list(row))

    def test_page_sizes(self):
        for options, size in (({}, 50), ({"top": 5000}, 1000), ({"top": 0}, 0), ({"top": 7}, 7)):
            page = json.loads(self.fake.get(ENTRIES, **options)[1])
            self.assertEqual(size, len(page["value"]))
            self.assertNotIn("@odata.count", page)

    def test_refused_queries(self):
        person = self.entries[0]["personId"]
        for name, value in (
            ("filter", f"personId eq '{person}'"),
            ("filter", "nothing eq 1"),
            ("filter", "belongsToDate ge '2026-10-01'"),
            ("filter", "status eq Active"),
            ("filter", "contains(note,'x')"),
            ("filter", "not isManual eq true"),
            ("filter", "belongsToDate ge 2026-02-30"),
            ("filter", "(type eq 'In'"),
            ("filter", "type eq 'In' and"),
            ("filter", ""),
            ("filter", "coordinates eq null"),
            ("filter", "belongsToDate ge 2026-10-01T00:00:00Z"),
            ("select", "id,nothing"),
            ("orderby", "time up"),
            ("orderby", "nothing"),
            ("top", "-1"),
            ("top", "x"),
            ("skip", "-1"),
            ("count", "yes"),
            ("apply", "x"),
        ):
            status, text, _ = self.fake.get(ENTRIES, **{name: value})
            self.assertEqual(400, status, value)
            error = json.loads(text)["error"]
            self.assertTrue(error["code"] and error["message"] and error["innererror"]["trace"])

    def test_unknown_paths_and_methods(self):
        headers = {"Authorization": "Bearer " + self.fake.token}
        for path in (
            "/time-attendance/v1/Timesheets",
            "/workspace/v1/TimeEntries",
            "/workspace",
            "/workspace/v2/People",
        ):
            self.assertEqual(404, self.fake.get(path)[0], path)
        self.assertEqual(405, self.fake.call("POST", ENTRIES, "{}", headers)[0])

    def test_plus_and_percent_both_mean_space(self):
        headers = {"Authorization": "Bearer " + self.fake.token}
        answers = {
            self.fake.call("GET", ENTRIES + "?%24top=5&$filter=type" + space + "eq" + space + "'Out'", None, headers)[1]
            for space in ("+", "%20")
        }
        self.assertEqual(1, len(answers))
        self.assertEqual(5, len(json.loads(answers.pop())["value"]))

    def test_answers_come_uncompressed_for_every_request(self):
        """Compressing takes the library longer than a test may."""
        for encoding in ("br", "gzip", "deflate, gzip, br, zstd"):
            _, text, response = self.fake.call(
                "GET",
                ENTRIES + "?$top=2",
                None,
                {"Authorization": "Bearer " + self.fake.token, "Accept-Encoding": encoding},
            )
            self.assertIsNone(response.getheader("Content-Encoding"))
            self.assertEqual(len(json.loads(text)["value"]), 2)

    def test_several_clients_on_kept_connections(self):
        def read(number):
            connection = http.client.HTTPConnection("127.0.0.1", self.fake.where["port"], timeout=20)
            sizes = [
                len(
                    json.loads(self.fake.get(ENTRIES, connection=connection, top=100, skip=i * 100, orderby="time")[1])[
                        "value"
                    ]
                )
                for i in range(20)
            ]
            port = connection.sock.getsockname()
            connection.close()
            return sum(sizes), port

        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            results = list(pool.map(read, range(16)))
        self.assertEqual({2000}, {size for size, _ in results})
        self.assertEqual(16, len({port for _, port in results}))


class Tokens(unittest.TestCase):
    def test_bad_credentials_and_forms(self):
        fake = Fake()
        self.assertEqual((400, {"error": "invalid_client"}), fake.log_in("wrong"))
        status, text, _ = fake.call("POST", "/identity/connect/token", "{}", {"Content-Type": "application/json"})
        self.assertEqual(400, status)
        status, text, _ = fake.call("GET", ENTRIES)
        self.assertEqual(401, status)
        self.assertIn("trace", json.loads(text)["error"]["innererror"])
        status, answer = fake.log_in()
        self.assertEqual(
            (200, 3600, "Bearer", "api1"), (status, answer["expires_in"], answer["token_type"], answer["scope"])
        )
        self.assertEqual(200, fake.get(ENTRIES)[0])
        fake.admin("POST", "tokens/revoke")
        self.assertEqual(401, fake.get(ENTRIES)[0])
        fake.log_in()
        self.assertEqual(200, fake.get(ENTRIES)[0])
        self.assertEqual(0, fake.close())

    def test_tokens_expire(self):
        fake = Fake("--token-seconds", "1")
        self.assertEqual(1, fake.log_in()[1]["expires_in"])
        self.assertEqual(200, fake.get(ENTRIES)[0])
        time.sleep(1.1)
        self.assertEqual(401, fake.get(ENTRIES)[0])
        fake.close()


class Misbehaviour(unittest.TestCase):
    def setUp(self):
        self.fake = Fake()
        self.fake.log_in()

    def tearDown(self):
        self.assertEqual(0, self.fake.close())

    def fault(self, **members):
        self.assertEqual((200, {}), self.fake.admin("POST", "faults", members))

    def test_status_with_headers_skip_and_times(self):
        self.fault(
            path_contains="TimeEntries", skip=1, times=2, action="status", status=429, headers={"Retry-After": "1"}
        )
        answers = [self.fake.get(ENTRIES, top=1) for _ in range(4)]
        self.assertEqual([200, 429, 429, 200], [status for status, _, _ in answers])
        self.assertEqual("1", answers[1][2].headers["Retry-After"])
        self.assertIn("trace", json.loads(answers[1][1])["error"]["innererror"])
        self.fault(path_contains="$skip=7", action="status", status=402)
        self.assertEqual([200, 402], [self.fake.get(ENTRIES, skip=n)[0] for n in (0, 7)])
        self.fault(path_contains="connect/token", action="status", status=503)
        self.assertEqual(503, self.fake.call("POST", "/identity/connect/token")[0])

    def test_close_answers_nothing(self):
        self.fault(path_contains="TimeEntries", action="close")
        with self.assertRaises((http.client.RemoteDisconnected, ConnectionResetError)):
            self.fake.get(ENTRIES)
        self.fake.connection.close()
        self.assertEqual(200, self.fake.get(ENTRIES)[0])
        log = self.fake.admin("GET", "requests")[1]
        self.assertEqual([200, 0, 200], [request["status"] for request in log])

    def test_cut_breaks_off_in_the_body(self):
        whole = self.fake.get(ENTRIES, top=500)[1]
        self.fault(path_contains="TimeEntries", action="cut")
        with self.assertRaises(http.client.IncompleteRead) as caught:
            self.fake.get(ENTRIES, top=500)
        self.assertEqual(whole[: len(whole) // 2], caught.exception.partial)
        self.fake.connection.close()

    def test_wrong_bodies(self):
        whole = self.fake.get(ENTRIES)[1]
        self.fault(path_contains="", action="truncate")
        self.assertEqual((200, whole[: len(whole) // 2]), self.fake.get(ENTRIES)[:2])
        self.fault(path_contains="", action="malform")
        status, text, _ = self.fake.get(ENTRIES)
        self.assertEqual((200, b"<"), (status, text[:1]))
        self.fault(path_contains="", action="body", body='{"value":7}')
        self.assertEqual((200, b'{"value":7}'), self.fake.get(ENTRIES)[:2])

    def test_slow_answers_come_in_the_end(self):
        self.fault(path_contains="", action="slow", seconds=0.4)
        before = time.monotonic()
        self.assertEqual(200, self.fake.get(ENTRIES)[0])
        self.assertGreater(time.monotonic() - before, 0.39)

    def test_clearing_and_bad_faults(self):
        self.fault(path_contains="", action="close", times=5)
        self.assertEqual(1, len(self.fake.admin("GET", "faults")[1]))
        self.fake.admin("DELETE", "faults")
        self.assertEqual(200, self.fake.get(ENTRIES)[0])
        for body, word in (
            ("[", "object"),
            ({}, "action"),
            ({"action": "explode"}, "explode"),
            ({"action": "status", "times": -1}, "times"),
            ({"action": "body"}, "body"),
            ({"action": "slow", "seconds": "x"}, "seconds"),
            ({"colour": 1}, "colour"),
            ({"action": "status", "status": 99}, "status"),
        ):
            status, answer = self.fake.admin("POST", "faults", body)
            self.assertEqual(400, status, body)
            self.assertIn(word, answer["error"])

    def test_request_log(self):
        self.fake.admin("DELETE", "requests")
        self.fake.get(ENTRIES, top=3, filter="type eq 'In'")
        self.fake.get("/workspace/v1/Nothing")
        self.assertEqual(
            [
                {"method": "GET", "path": ENTRIES, "query": "$top=3&$filter=type eq 'In'", "status": 200},
                {"method": "GET", "path": "/workspace/v1/Nothing", "query": "", "status": 404},
            ],
            self.fake.admin("GET", "requests")[1],
        )


class ChangedObjects(unittest.TestCase):
    def setUp(self):
        self.fake = Fake()
        self.fake.log_in()
        self.before = self.fake.rows(ENTRIES)

    def tearDown(self):
        self.assertEqual(0, self.fake.close())

    def served(self, text, **options):
        pages = b"".join(
            self.fake.get(ENTRIES, top=1000, skip=skip, **options)[1]
            for skip in range(0, len(self.before) + 1000, 1000)
        )
        return pages.count(text.encode())

    def test_patch(self):
        entry = self.before[5]
        path = "objects/TimeEntries/" + entry["id"]
        self.assertEqual((200, entry), self.fake.admin("GET", path))
        self.fake.admin("PATCH", path, {"status": "Archived", "extra": [1]})
        self.assertEqual((200, {**entry, "status": "Archived", "extra": [1]}), self.fake.admin("GET", path))
        rows = self.fake.rows(ENTRIES, filter=f"id eq {entry['id']}", select="id,status")
        self.assertEqual([{"id": entry["id"], "status": "Archived"}], rows)
        self.assertEqual(len(self.before), len(self.fake.rows(ENTRIES)))

    def test_moved_to_another_date(self):
        entry = self.before[5]
        self.fake.admin("PATCH", "objects/TimeEntries/" + entry["id"], {"belongsToDate": "2001-01-01"})
        rows = self.fake.rows(ENTRIES, filter="belongsToDate le 2001-12-31")
        self.assertEqual([entry["id"]], [row["id"] for row in rows])
        rows = self.fake.rows(ENTRIES, filter=f"belongsToDate eq {entry['belongsToDate']}", select="id")
        self.assertNotIn({"id": entry["id"]}, rows)

    def test_delete(self):
        path = "objects/TimeEntries/" + self.before[5]["id"]
        self.assertEqual(200, self.fake.admin("DELETE", path)[0])
        self.assertEqual(404, self.fake.admin("DELETE", path)[0])
        self.assertEqual(404, self.fake.admin("GET", path)[0])
        self.assertEqual(len(self.before) - 1, len(self.fake.rows(ENTRIES)))

    def test_odd_objects_are_served_verbatim(self):
        window = "belongsToDate ge 2026-10-01 and belongsToDate le 2026-10-02"
        odd = [
            '{ "note":"no id \\u0000 \\ud800",  "belongsToDate" : "2026-10-01" }',
            '{"id":"%s","belongsToDate":"2026-02-30","time":"soon","n":1e400}'
            % ("0" * 8 + "-0000" * 3 + "-" + "0" * 12),
            '{"id":17,"time":null}',
            "{}",
        ]
        for text in odd:
            self.assertEqual((200, {"replaced": False}), self.fake.admin("PUT", "objects/TimeEntries", text))
        for text in odd[:3]:
            self.assertEqual(1, self.served(text))
            self.assertEqual(1, self.served(text, filter=window))
        self.assertEqual(1, self.served('{"note":"no id \\u0000 \\ud800"}', select="note", filter=window))
        # Three have no readable date, and match whatever date is asked for.
        page = json.loads(self.fake.get(ENTRIES, filter="belongsToDate eq 1990-01-01")[1])
        self.assertEqual(3, len(page["value"]))

    def test_put_replaces(self):
        entry = dict(self.before[5], type="Out")
        self.assertEqual((200, {"replaced": True}), self.fake.admin("PUT", "objects/TimeEntries", entry))
        self.assertEqual(len(self.before), len(self.fake.rows(ENTRIES)))
        self.assertEqual((200, entry), self.fake.admin("GET", "objects/TimeEntries/" + entry["id"]))
        group = json.loads(self.fake.get("/workspace/v1/Groups", top=1)[1])["value"][0]
        self.fake.admin("PATCH", "objects/Groups/" + group["id"], {"name": "Renamed"})
        self.assertEqual(1, len(self.fake.rows("/workspace/v1/Groups", filter="name eq 'Renamed'")))

    def test_insert_while_paging(self):
        new = {"id": "11111111-2222-4333-8444-555555555555", "belongsToDate": "2026-10-01"}
        self.assertEqual(
            200,
            self.fake.admin(
                "POST", "insert-while-paging", {"resource": "TimeEntries", "after_requests": 1, "object": new}
            )[0],
        )
        counts = [json.loads(self.fake.get(ENTRIES, top=1, count="true")[1])["@odata.count"] for _ in range(3)]
        size = len(self.before)
        self.assertEqual([size, size + 1, size + 1], counts)

    def test_bad_input_is_named(self):
        for method, path, body, status in (
            ("PUT", "objects/TimeEntries", "{", 400),
            ("PUT", "objects/Nothing", "{}", 400),
            ("PATCH", "objects/TimeEntries/xyz", "{}", 400),
            ("DELETE", "objects/TimeEntries/xyz", None, 400),
            ("POST", "insert-while-paging", '{"resource":"TimeEntries"}', 400),
            ("POST", "insert-while-paging", '{"resource":"Nothing","object":{}}', 400),
        ):
            got, answer = self.fake.admin(method, path, body)
            self.assertEqual(status, got)
            self.assertTrue(answer["error"])


if __name__ == "__main__":
    unittest.main()
