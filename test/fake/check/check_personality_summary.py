#!/usr/bin/env python3
"""Checks the switches of Jibble's own totals by the truth: check_personality_summary.py PATH-TO-fake-jibble"""

import collections
import datetime
import itertools
import json
import re
import unittest
import urllib.parse
import zoneinfo

from fake_client import ENTRIES, SUMMARY, Fake, instant

SECOND = 1_000_000
HOUR = 3600 * SECOND
WEEK = "2026-11-16", "2026-11-22"


def microseconds(text):
    """Of an ISO duration with days, hours, minutes and seconds."""
    parts = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?", text)
    days, hours, minutes, seconds, fraction = (part or "" for part in parts.groups())
    whole = ((int(days or 0) * 24 + int(hours or 0)) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole * SECOND + int((fraction + "000000")[:6])


def figures(truth, exact=False, split=False, hour_entries=True, deductions=False):
    """{person: {date: {tracked, payrollHours, paidBreak, unpaidBreak}}} in microseconds."""
    zones = {agent["id"]: zoneinfo.ZoneInfo(agent["time_zone"]) for agent in truth["agents"]}
    people = collections.defaultdict(lambda: collections.defaultdict(collections.Counter))

    def cut(length):
        return length if exact else length // SECOND * SECOND

    for interval in truth["intervals"]:
        zone, start = zones[interval["agent_id"]], instant(interval["start"])
        end = start if interval["lost_out"] else instant(interval["end"])
        day = datetime.datetime.fromtimestamp(start // SECOND, zone).date()
        left = cut(end - start)
        days = people[interval["agent_id"]]
        while True:
            midnight = (
                datetime.datetime.combine(day + datetime.timedelta(1), datetime.time(), zone).timestamp() * SECOND
            )
            part = min(cut(int(midnight) - start), left) if split and midnight < end else left
            days[day.isoformat()][interval["kind"]] += part
            if interval["kind"] == "work" and start == instant(interval["start"]):
                days[day.isoformat()]["clocked in"] = 1
            if not split or midnight >= end:
                break
            left -= part
            start, day = int(midnight), day + datetime.timedelta(1)
    for entry in truth["hour_entries"]:
        if not entry["archived"]:
            people[entry["agent_id"]][entry["date"]]["typed"] += entry["seconds"] * SECOND
    found = {}
    for person, days in people.items():
        for date, day in days.items():
            if not +day:
                continue
            off = HOUR // 2 if deductions and day["work"] > 8 * HOUR else 0
            found.setdefault(person, {})[date] = {
                "tracked": day["work"] + day["break"] + (day["typed"] if hour_entries else 0) - off,
                "payrollHours": day["work"] + day["typed"] - off,
                "paidBreak": 0,
                "unpaidBreak": day["break"],
            }
    return found


class Summaries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.fake = Fake()
        cls.addClassCleanup(cls.fake.close)
        cls.truth = cls.fake.admin("GET", "truth")[1]
        cls.defaults = cls.fake.admin("GET", "personality")[1]

    def tearDown(self):
        self.move(**self.defaults)

    def move(self, **switches):
        self.assertEqual(200, self.fake.admin("PUT", "personality", switches)[0])

    def text(self, first="2000-01-01", last="2100-01-01", people=(), **options):
        query = [("period", "Custom"), ("date", first), ("endDate", last)] + [
            ("personIds", person) for person in people
        ]
        status, text, _ = self.fake.get(SUMMARY + "?" + urllib.parse.urlencode(query), top=1000, **options)
        self.assertEqual(200, status, text)
        return text.decode()

    def served(self, *arguments, **options):
        return json.loads(self.text(*arguments, **options))["value"]

    def check(self, **options):
        wanted = figures(self.truth, **options)
        found = {}
        for sheet in self.served():
            days = {
                day["date"]: {
                    name: microseconds(day[name]) for name in ("tracked", "payrollHours", "paidBreak", "unpaidBreak")
                }
                for day in sheet["daily"]
            }
            self.assertEqual(sum(day["payrollHours"] for day in days.values()), microseconds(sheet["total"]))
            found[sheet["personId"]] = days
        self.assertEqual(set(wanted), set(found))
        for person, days in wanted.items():
            self.assertEqual(days, found[person])
        return wanted

    def test_every_combination_follows_from_the_truth(self):
        seen = []
        for durations, split, hours, deductions in itertools.product(
            ("plain", "fractional", "days"), ("whole", "split"), ("with", "without"), ("without", "with")
        ):
            self.move(
                summary_durations=durations,
                summary_midnight=split,
                tracked_hour_entries=hours,
                tracked_deductions=deductions,
            )
            wanted = self.check(
                exact=durations != "plain",
                split=split == "split",
                hour_entries=hours == "with",
                deductions=deductions == "with",
            )
            if durations != "days":
                self.assertNotIn(wanted, seen)
                seen.append(wanted)

    def test_a_split_moves_hours_between_days_and_no_more(self):
        def sums(days):
            return [
                sum(day[name] for person in days.values() for day in person.values())
                for name in ("tracked", "payrollHours", "unpaidBreak")
            ]

        whole, split = figures(self.truth), figures(self.truth, split=True)
        self.assertEqual(sums(whole), sums(split))
        self.assertNotEqual(whole, split)

    def test_plain_and_fractional_and_days(self):
        def durations(text):
            return set(re.findall(r'"(?:tracked|payrollHours|unpaidBreak|total)":"([^"]*)"', text))

        plain = durations(self.text())
        self.assertTrue(all(re.fullmatch(r"PT(\d+H)?(\d+M)?(\d+S)?", text) for text in plain))
        self.move(summary_durations="fractional")
        fractional = durations(self.text())
        self.assertTrue(all(re.fullmatch(r"PT(\d+H)?(\d+M)?(\d+(\.\d{0,5}[1-9])?S)?", text) for text in fractional))
        self.assertTrue(any("." in text for text in fractional))
        self.move(summary_durations="days")
        days = durations(self.text())
        self.assertTrue(any(re.fullmatch(r"P\d+DT.*\d\.\d+S", text) for text in days))
        for text in days:
            self.assertEqual(microseconds(text) >= 24 * HOUR, "D" in text, text)
        self.assertEqual({microseconds(text) for text in fractional}, {microseconds(text) for text in days})

    def test_round_lengths_by_hand(self):
        person, date = self.served(*WEEK)[0]["personId"], WEEK[0]
        for given, plain, days in (
            ("PT0S", "PT0S", "PT0S"),
            ("PT30H", "PT30H", "P1DT6H"),
            ("PT24H", "PT24H", "P1D"),
            ("PT23H59M59S",) * 3,
            ("PT48H1S", "PT48H1S", "P2DT1S"),
            ("PT45M",) * 3,
        ):
            self.fake.admin("PUT", f"timesheets/{person}/{date}", {"paidBreak": given})
            for position, wanted in (("plain", plain), ("fractional", plain), ("days", days)):
                self.move(summary_durations=position)
                self.assertEqual(wanted, self.served(date, date, [person])[0]["daily"][0]["paidBreak"])
        self.fake.admin("PUT", f"timesheets/{person}/{date}", {"paidBreak": "PT0S"})

    def test_envelope(self):
        person = self.served(*WEEK)[4]["personId"]
        questions = (WEEK, ("2000-01-01", "2000-01-02"), (*WEEK, [person]))
        for question in questions:
            self.move(summary_envelope="object")
            value = self.served(*question)
            self.move(summary_envelope="array")
            self.assertEqual(value, json.loads(self.text(*question)))
            self.assertEqual(value, json.loads(self.text(*question, count="true")))
        self.assertEqual([], json.loads(self.text(*WEEK, skip=1000)))
        self.assertIn("value", json.loads(self.fake.get(ENTRIES, top=1)[1]))

    def test_person_ids(self):
        one, two = (self.served(*WEEK)[i]["personId"] for i in (2, 5))
        both, alone = self.served(*WEEK, [one, two]), self.served(*WEEK, [two])
        self.assertEqual([one, two], [sheet["personId"] for sheet in both])
        everybody = self.served(*WEEK)
        self.move(person_ids="single")
        query = f"{SUMMARY}?period=Custom&date={WEEK[0]}&endDate={WEEK[1]}&personIds="
        for people in ([one, two], [one, one]):
            status, text, _ = self.fake.get(query + "&personIds=".join(people))
            self.assertEqual(400, status)
            self.assertTrue(json.loads(text)["error"]["message"])
        self.assertEqual(alone, self.served(*WEEK, [two]))
        self.assertEqual(everybody, self.served(*WEEK))

    def test_seventh_digit(self):
        before = self.served(*WEEK)
        self.move(seventh_digit="any")
        for old, new in zip(before, self.served(*WEEK)):
            for day in old["daily"]:
                for name in ("firstIn", "lastOut"):
                    day[name] = day[name] and day[name][:-1] + "9Z"
            self.assertEqual(old, new)


if __name__ == "__main__":
    unittest.main()
