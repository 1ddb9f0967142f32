#!/usr/bin/env python3
"""Checks fake-jibble against itself: check.py PATH-TO-fake-jibble"""

import collections
import concurrent.futures
import datetime
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import zoneinfo

PROGRAM = sys.argv.pop(1)
UTC = datetime.timezone.utc


def instant(text):
    """Microseconds since 1970, whatever the number of fractional digits."""
    body, dot, fraction = text.rstrip("Z").partition(".")
    moment = datetime.datetime.fromisoformat(body).replace(tzinfo=UTC)
    return int(moment.timestamp()) * 1_000_000 + int((fraction + "000000")[:6])


class Fake:
    """A running server and one connection to it."""

    def __init__(self, *options):
        self.process = subprocess.Popen([PROGRAM, *options], stdout=subprocess.PIPE, text=True)
        self.where = json.loads(self.process.stdout.readline())
        self.connection = http.client.HTTPConnection("127.0.0.1", self.where["port"], timeout=20)
        self.token = None

    def close(self):
        self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(10)
        self.process.stdout.close()
        return code

    def call(self, method, path, body=None, headers=None, connection=None):
        connection = connection or self.connection
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        text = response.read()
        return response.status, text, response

    def log_in(self, secret="demo-secret"):
        form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": "demo",
                                       "client_secret": secret})
        status, text, _ = self.call("POST", "/identity/connect/token", form,
                                    {"Content-Type": "application/x-www-form-urlencoded"})
        if status == 200:
            self.token = json.loads(text)["access_token"]
        return status, json.loads(text)

    def get(self, path, connection=None, **options):
        if not self.token:
            self.log_in()
        query = urllib.parse.urlencode({"$" + name: value for name, value in options.items()})
        return self.call("GET", path + ("?" + query if query else ""), None,
                         {"Authorization": "Bearer " + self.token}, connection)

    def rows(self, path, top=1000, **options):
        rows = []
        while True:
            status, text, _ = self.get(path, top=top, skip=len(rows), count="true", **options)
            assert status == 200, text
            page = json.loads(text)
            assert "@odata.nextLink" not in page
            rows += page["value"]
            if len(page["value"]) < top:
                assert page["@odata.count"] == len(rows), (page["@odata.count"], len(rows))
                return rows

    def admin(self, method, path, body=None):
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        status, answer, _ = self.call(method, "/_fake/" + path, text)
        return status, json.loads(answer)


ENTRIES = "/time-tracking/v1/TimeEntries"


class SampleOrganisation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.fake = Fake()
        cls.entries = cls.fake.rows(ENTRIES)
        cls.truth = cls.fake.admin("GET", "truth")[1]
        cls.zones = {a["id"]: zoneinfo.ZoneInfo(a["time_zone"]) for a in cls.truth["agents"]}

    @classmethod
    def tearDownClass(cls):
        assert cls.fake.close() == 0

    def live(self):
        by_agent = collections.defaultdict(list)
        for entry in self.entries:
            if entry["status"] == "Active" and entry["type"] in ("In", "Out", "StartBreak"):
                by_agent[entry["personId"]].append(entry)
        for entries in by_agent.values():
            entries.sort(key=lambda entry: instant(entry["time"]))
        return by_agent

    def test_counts(self):
        self.assertEqual(76, len(self.fake.rows("/workspace/v1/People")))
        self.assertEqual(76, len(self.fake.rows("/time-tracking/v1/People")))
        self.assertEqual(26, len(self.fake.rows("/workspace/v1/Groups")))
        self.assertEqual(139, len(self.fake.rows("/workspace/v1/Activities")))
        self.assertEqual(60, len(self.fake.rows("/time-tracking/v1/HourEntries")))
        self.assertEqual(1, len(self.fake.rows("/workspace/v1/Organizations")))
        self.assertEqual(40, len(self.truth["agents"]))
        self.assertEqual(26, len({agent["group_id"] for agent in self.truth["agents"]}))

    def test_same_arguments_give_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as folder:
            texts = []
            for options in (), (), ("--seed", "7"):
                path = os.path.join(folder, "truth.json")
                subprocess.run([PROGRAM, "--generate-only", "--truth", path, *options], check=True)
                with open(path, "rb") as file:
                    texts.append(file.read())
        self.assertEqual(texts[0], texts[1])
        self.assertNotEqual(texts[0], texts[2])
        self.assertEqual(self.truth, json.loads(texts[0]))

    def test_any_page_size_and_order_gives_the_same_entries(self):
        everything = sorted(entry["id"] for entry in self.entries)
        self.assertEqual(len(everything), len(set(everything)))
        for options in {"top": 137}, {"orderby": "time asc"}, {"orderby": "personId,time desc"}:
            again = self.fake.rows(ENTRIES, select="id", **options)
            self.assertEqual(everything, sorted(row["id"] for row in again))

    def test_truth_can_be_rebuilt_from_the_entries(self):
        wanted = collections.defaultdict(list)
        for interval in self.truth["intervals"]:
            wanted[interval["agent_id"]].append(interval)
        kinds = {"In": "work", "StartBreak": "break"}
        live = self.live()
        self.assertEqual(set(wanted), set(live))
        for agent, entries in live.items():
            intervals = {interval["start_event_id"]: interval for interval in wanted[agent]}
            for entry, following in zip(entries, entries[1:] + [None]):
                if entry["type"] == "Out":
                    continue
                interval = intervals.pop(entry["id"])
                self.assertEqual(kinds[entry["type"]], interval["kind"])
                self.assertEqual(entry["activityId"], interval["activity_id"])
                self.assertEqual(instant(entry["time"]), instant(interval["start"]))
                end = instant(interval["end"])
                if interval["running"]:
                    self.assertIsNone(following)
                    self.assertEqual(instant(self.truth["now"]), end)
                elif interval["lost_out"]:
                    self.assertTrue(following is None or instant(following["time"]) - end > 7 * 3600e6)
                else:
                    self.assertEqual(instant(following["time"]), end)
                    self.assertEqual(interval["auto_out"], following["clientType"] == "AutoOut")
            self.assertEqual({}, intervals)

    def test_instants_are_consistent(self):
        now = instant(self.truth["now"])
        lengths = set()
        for entry in self.entries:
            zone = self.zones[entry["personId"]]
            at = instant(entry["time"])
            self.assertLessEqual(at, now)
            self.assertLessEqual(at, instant(entry["createdAt"]))
            self.assertLessEqual(instant(entry["createdAt"]), instant(entry["updatedAt"]))
            self.assertLessEqual(instant(entry["updatedAt"]), now)
            fraction = entry["time"].rstrip("Z").partition(".")[2]
            lengths.add(len(fraction))
            self.assertTrue(len(fraction) < 7 or fraction[6] == "0")
            local = datetime.datetime.fromtimestamp(at // 1_000_000, zone)
            self.assertEqual(local.date().isoformat(), entry["belongsToDate"])
            shown = local.isoformat()
            self.assertEqual(entry["localTime"][:19], shown[:19])
            self.assertEqual(entry["localTime"][-6:], shown[-6:])
            seconds = int(local.utcoffset().total_seconds())
            hours, minutes = divmod(abs(seconds) // 60, 60)
            text = ("-" if seconds < 0 else "") + "PT" + (f"{hours}H" if hours else "") + (
                f"{minutes}M" if minutes else "")
            self.assertEqual(entry["offset"], "PT0S" if seconds == 0 else text)
        self.assertEqual(set(range(8)), lengths)

    def test_neighbours_and_instants_of_live_entries(self):
        for entries in self.live().values():
            ids = [None] + [entry["id"] for entry in entries] + [None]
            for at, entry in enumerate(entries):
                self.assertEqual(ids[at], entry["previousTimeEntryId"])
                self.assertEqual(ids[at + 2], entry["nextTimeEntryId"])
            instants = [instant(entry["time"]) for entry in entries]
            self.assertEqual(len(instants), len(set(instants)))

    def test_session_rules_cannot_mistake_the_truth(self):
        for interval in self.truth["intervals"]:
            length = instant(interval["end"]) - instant(interval["start"])
            self.assertGreater(length, 0)
            limit = 9 if interval["auto_out"] else 5.01
            self.assertLess(length, limit * 3600e6)

    def test_nights_cross_midnight_and_end_before_noon(self):
        night = set(self.truth["night_groups"])
        agents = {a["id"] for a in self.truth["agents"] if a["group_id"] in night}
        self.assertEqual(12, len(night))
        for agent in agents:
            zone = self.zones[agent]
            for entry in self.live()[agent]:
                hour = datetime.datetime.fromtimestamp(instant(entry["time"]) // 1_000_000, zone).hour
                self.assertTrue(hour >= 20 or hour < 12)

    def test_clock_changes_are_worked_through(self):
        for zone, change in (("Europe/London", "2026-10-25T01:00:00Z"),
                             ("America/New_York", "2026-11-01T06:00:00Z")):
            agents = {a["id"] for a in self.truth["agents"] if a["time_zone"] == zone}
            worked = {i["agent_id"] for i in self.truth["intervals"]
                      if i["agent_id"] in agents and instant(i["start"]) < instant(change) < instant(i["end"])}
            self.assertEqual(agents, worked)

    def test_every_imperfection_occurs(self):
        count = collections.Counter()
        for entry in self.entries:
            count[entry["type"]] += 1
            count[entry["status"]] += 1
            count[entry["clientType"]] += 1
            count["manual"] += entry["isManual"]
            count["offline"] += entry["isOffline"]
            late = instant(entry["createdAt"]) - instant(entry["time"])
            count["days late"] += late > 86400e6
        for what in ("LocationUpdate", "Archived", "AutoOut", "manual", "offline", "days late", "Zapier"):
            self.assertGreater(count[what], 0, what)
        flags = collections.Counter((i["kind"], flag) for i in self.truth["intervals"]
                                    for flag in ("lost_out", "auto_out", "running") if i[flag])
        self.assertEqual(10, flags["break", "lost_out"])
        for what in ("work", "lost_out"), ("work", "auto_out"), ("work", "running"):
            self.assertGreater(flags[what], 5, what)
        archived = [hour for hour in self.truth["hour_entries"] if hour["archived"]]
        self.assertEqual(1, len(archived))

    def test_hour_entries_match(self):
        served = {row["id"]: row for row in self.fake.rows("/time-tracking/v1/HourEntries")}
        for entry in self.truth["hour_entries"]:
            row = served[entry["id"]]
            self.assertEqual(entry["agent_id"], row["personId"])
            self.assertEqual(entry["date"], row["date"])
            self.assertEqual(entry["activity_id"], row["activityId"])
            self.assertEqual("Archived" if entry["archived"] else "Active", row["status"])

    def test_zones_of_people(self):
        tracked = {row["id"]: row for row in self.fake.rows("/time-tracking/v1/People")}
        for agent in self.truth["agents"]:
            row = tracked[agent["id"]]
            self.assertEqual(agent["time_zone"], row["timeSheetTimeZone"] or row["timeZone"])
        for person in self.fake.rows("/workspace/v1/People"):
            self.assertEqual(person["ICultureSettings/TimeZone"], tracked[person["id"]]["timeZone"])
            self.assertIn("pinCode", person)


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
            "belongsToDate ge 2026-10-01 and belongsToDate le 2026-10-07":
                lambda e: "2026-10-01" <= e["belongsToDate"] <= "2026-10-07",
            "belongsToDate gt 2026-10-01 and belongsToDate lt 2026-10-03":
                lambda e: e["belongsToDate"] == "2026-10-02",
            "belongsToDate in (2026-10-01, 2026-11-01)":
                lambda e: e["belongsToDate"] in ("2026-10-01", "2026-11-01"),
            "(belongsToDate eq 2026-10-01 or belongsToDate eq 2026-11-01) and type ne 'In'":
                lambda e: e["belongsToDate"] in ("2026-10-01", "2026-11-01") and e["type"] != "In",
            f"personId eq {person} and status ne 'Archived'":
                lambda e: e["personId"] == person and e["status"] != "Archived",
            "time ge 2026-10-01T00:00:00Z and time lt 2026-10-02T08:00:00+08:00":
                lambda e: instant("2026-10-01T00:00:00Z") <= instant(e["time"]) < instant("2026-10-02T00:00:00Z"),
            "activityId eq null": lambda e: e["activityId"] is None,
            "isManual eq true": lambda e: e["isManual"],
            "note eq 'it''s'": lambda e: False,
            "type in ('Out','StartBreak')": lambda e: e["type"] in ("Out", "StartBreak"),
            "belongsToDate ge 2026-11-20 or isManual eq true":
                lambda e: e["belongsToDate"] >= "2026-11-20" or e["isManual"],
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
        status, text, _ = self.fake.get("/workspace/v1/People", top=3,
                                        select="id, ICultureSettings/TimeZone")
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
        for name, value in (("filter", f"personId eq '{person}'"), ("filter", "nothing eq 1"),
                            ("filter", "belongsToDate ge '2026-10-01'"), ("filter", "status eq Active"),
                            ("filter", "contains(note,'x')"), ("filter", "not isManual eq true"),
                            ("filter", "belongsToDate ge 2026-02-30"), ("filter", "(type eq 'In'"),
                            ("filter", "type eq 'In' and"), ("filter", ""), ("filter", "coordinates eq null"),
                            ("filter", "belongsToDate ge 2026-10-01T00:00:00Z"),
                            ("select", "id,nothing"), ("orderby", "time up"), ("orderby", "nothing"),
                            ("top", "-1"), ("top", "x"), ("skip", "-1"), ("count", "yes"), ("apply", "x")):
            status, text, _ = self.fake.get(ENTRIES, **{name: value})
            self.assertEqual(400, status, value)
            error = json.loads(text)["error"]
            self.assertTrue(error["code"] and error["message"] and error["innererror"]["trace"])

    def test_unknown_paths_and_methods(self):
        headers = {"Authorization": "Bearer " + self.fake.token}
        for path in ("/time-attendance/v1/TimesheetsSummary", "/workspace/v1/TimeEntries", "/workspace",
                     "/workspace/v2/People"):
            self.assertEqual(404, self.fake.get(path)[0], path)
        self.assertEqual(405, self.fake.call("POST", ENTRIES, "{}", headers)[0])

    def test_plus_and_percent_both_mean_space(self):
        headers = {"Authorization": "Bearer " + self.fake.token}
        answers = {self.fake.call("GET", ENTRIES + "?%24top=5&$filter=type" + space + "eq" + space + "'Out'",
                                  None, headers)[1] for space in ("+", "%20")}
        self.assertEqual(1, len(answers))
        self.assertEqual(5, len(json.loads(answers.pop())["value"]))

    def test_several_clients_on_kept_connections(self):
        def read(number):
            connection = http.client.HTTPConnection("127.0.0.1", self.fake.where["port"], timeout=20)
            sizes = [len(json.loads(self.fake.get(ENTRIES, connection=connection, top=100, skip=i * 100,
                                                  orderby="time")[1])["value"]) for i in range(20)]
            ports = connection.sock.getsockname()
            connection.close()
            return sum(sizes), ports
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
        self.assertEqual((200, 3600, "Bearer", "api1"),
                         (status, answer["expires_in"], answer["token_type"], answer["scope"]))
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
        self.fault(path_contains="TimeEntries", skip=1, times=2, action="status", status=429,
                   headers={"Retry-After": "1"})
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
        self.assertEqual(whole[:len(whole) // 2], caught.exception.partial)
        self.fake.connection.close()

    def test_wrong_bodies(self):
        whole = self.fake.get(ENTRIES)[1]
        self.fault(path_contains="", action="truncate")
        self.assertEqual((200, whole[:len(whole) // 2]), self.fake.get(ENTRIES)[:2])
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
        for body, word in (("[", "object"), ({}, "action"), ({"action": "explode"}, "explode"),
                           ({"action": "status", "times": -1}, "times"), ({"action": "body"}, "body"),
                           ({"action": "slow", "seconds": "x"}, "seconds"), ({"colour": 1}, "colour"),
                           ({"action": "status", "status": 99}, "status")):
            status, answer = self.fake.admin("POST", "faults", body)
            self.assertEqual(400, status, body)
            self.assertIn(word, answer["error"])

    def test_request_log(self):
        self.fake.admin("DELETE", "requests")
        self.fake.get(ENTRIES, top=3, filter="type eq 'In'")
        self.fake.get("/workspace/v1/Nothing")
        self.assertEqual([{"method": "GET", "path": ENTRIES, "query": "$top=3&$filter=type eq 'In'", "status": 200},
                          {"method": "GET", "path": "/workspace/v1/Nothing", "query": "", "status": 404}],
                         self.fake.admin("GET", "requests")[1])


class ChangedObjects(unittest.TestCase):
    def setUp(self):
        self.fake = Fake()
        self.fake.log_in()
        self.before = self.fake.rows(ENTRIES)

    def tearDown(self):
        self.assertEqual(0, self.fake.close())

    def served(self, text, **options):
        pages = b"".join(self.fake.get(ENTRIES, top=1000, skip=skip, **options)[1]
                         for skip in range(0, len(self.before) + 1000, 1000))
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
        odd = ['{ "note":"no id \\u0000 \\ud800",  "belongsToDate" : "2026-10-01" }',
               '{"id":"%s","belongsToDate":"2026-02-30","time":"soon","n":1e400}' % ("0" * 8 + "-0000" * 3 + "-" + "0" * 12),
               '{"id":17,"time":null}', '{}']
        for text in odd:
            self.assertEqual((200, {"replaced": False}), self.fake.admin("PUT", "objects/TimeEntries", text))
        for text in odd[:3]:
            self.assertEqual(1, self.served(text))
            self.assertEqual(1, self.served(text, filter=window))
        self.assertEqual(1, self.served('{"note":"no id \\u0000 \\ud800"}', select="note", filter=window))
        self.assertEqual(3, self.served("", filter="belongsToDate eq 1990-01-01") and
                         json.loads(self.fake.get(ENTRIES, count="true", top=0,
                                                  filter="belongsToDate eq 1990-01-01")[1])["@odata.count"])

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
        self.assertEqual(200, self.fake.admin("POST", "insert-while-paging",
                                              {"resource": "TimeEntries", "after_requests": 1, "object": new})[0])
        counts = [json.loads(self.fake.get(ENTRIES, top=1, count="true")[1])["@odata.count"] for _ in range(3)]
        size = len(self.before)
        self.assertEqual([size, size + 1, size + 1], counts)

    def test_bad_input_is_named(self):
        for method, path, body, status in (
                ("PUT", "objects/TimeEntries", "{", 400), ("PUT", "objects/Nothing", "{}", 400),
                ("PATCH", "objects/TimeEntries/xyz", "{}", 400), ("DELETE", "objects/TimeEntries/xyz", None, 400),
                ("POST", "insert-while-paging", '{"resource":"TimeEntries"}', 400),
                ("POST", "insert-while-paging", '{"resource":"Nothing","object":{}}', 400)):
            got, answer = self.fake.admin(method, path, body)
            self.assertEqual(status, got)
            self.assertTrue(answer["error"])


class CommandLine(unittest.TestCase):
    def test_wrong_usage_is_2(self):
        for options in ["--weeks", "0"], ["--now", "yesterday"], ["--generate-only"], ["--nothing"]:
            done = subprocess.run([PROGRAM, *options], capture_output=True)
            self.assertEqual(2, done.returncode, options)

    def test_a_taken_port_is_refused(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            done = subprocess.run([PROGRAM, "--port", str(taken.getsockname()[1])], capture_output=True)
        self.assertEqual(1, done.returncode)

    def test_interrupt_ends_it_at_once(self):
        fake = Fake()
        time.sleep(0.05)
        fake.process.send_signal(signal.SIGINT)
        self.assertEqual(0, fake.process.wait(5))
        fake.process.stdout.close()


if __name__ == "__main__":
    unittest.main()
