#!/usr/bin/env python3
"""Checks the sample organisation and its entries: check_data.py PATH-TO-fake-jibble"""

import collections
import datetime
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import zoneinfo

from fake_client import ENTRIES, PROGRAM, Fake, instant


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
        # Not assertEqual: describing a difference of this size takes minutes.
        self.assertTrue(self.truth == json.loads(texts[0]))

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
            text = (
                ("-" if seconds < 0 else "")
                + "PT"
                + (f"{hours}H" if hours else "")
                + (f"{minutes}M" if minutes else "")
            )
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
        for zone, change in (("Europe/London", "2026-10-25T01:00:00Z"), ("America/New_York", "2026-11-01T06:00:00Z")):
            agents = {a["id"] for a in self.truth["agents"] if a["time_zone"] == zone}
            worked = {
                i["agent_id"]
                for i in self.truth["intervals"]
                if i["agent_id"] in agents and instant(i["start"]) < instant(change) < instant(i["end"])
            }
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
        flags = collections.Counter(
            (i["kind"], flag)
            for i in self.truth["intervals"]
            for flag in ("lost_out", "auto_out", "running")
            if i[flag]
        )
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
