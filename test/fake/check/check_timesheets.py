#!/usr/bin/env python3
"""Checks Jibble's own totals against the truth: check_timesheets.py PATH-TO-fake-jibble"""

import collections
import datetime
import json
import unittest
import urllib.parse
import zoneinfo

from fake_client import ENTRIES, SUMMARY, Fake, instant

NOBODY = "00000000-0000-4000-8000-000000000000"


def duration(seconds):
    """The ISO text of whole seconds."""
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    text = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{rest}S" if rest else "")
    return "PT" + (text or "0S")


class Expectation:
    """Every person's days, worked out from the truth document alone."""

    def __init__(self, truth):
        self.days = collections.defaultdict(dict)
        zones = {agent["id"]: zoneinfo.ZoneInfo(agent["time_zone"]) for agent in truth["agents"]}
        starts = {(interval["agent_id"], interval["start"]) for interval in truth["intervals"]}
        for interval in sorted(truth["intervals"], key=lambda interval: instant(interval["start"])):
            person, start, end = interval["agent_id"], instant(interval["start"]), instant(interval["end"])
            date = datetime.datetime.fromtimestamp(start // 1_000_000, zones[person]).date().isoformat()
            day = self.day(person, date)
            if not interval["lost_out"]:
                day[interval["kind"]] += (end - start) // 1_000_000
            if interval["kind"] == "work" and not day["firstIn"]:
                day["firstIn"] = interval["start"]
            goes_on = (person, interval["end"]) in starts
            has_out = not (goes_on or interval["lost_out"] or interval["running"])
            day["lastOut"] = interval["end"] if has_out else None
        for entry in truth["hour_entries"]:
            if not entry["archived"]:
                self.day(entry["agent_id"], entry["date"])["work"] += entry["seconds"]
        for person, days in self.days.items():
            self.days[person] = {
                date: day for date, day in days.items() if day["firstIn"] or day["work"] or day["break"]
            }

    def day(self, person, date):
        return self.days[person].setdefault(date, {"firstIn": None, "lastOut": None, "work": 0, "break": 0})

    def value(self, first, last, people=None):
        """What the summary's value must be for an inclusive range of dates."""
        sheets = []
        for person in sorted(people or self.days):
            dates = sorted(date for date in self.days[person] if first <= date <= last)
            worked = sum(self.days[person][date]["work"] for date in dates)
            if dates:
                sheets.append(
                    {
                        "personId": person,
                        "date": first,
                        "endDate": last,
                        "total": duration(worked),
                        "daily": [self.daily(person, date) for date in dates],
                    }
                )
        return sheets

    def daily(self, person, date):
        day = self.days[person][date]
        return {
            "date": date,
            "firstIn": day["firstIn"],
            "lastOut": day["lastOut"],
            "tracked": duration(day["work"] + day["break"]),
            "payrollHours": duration(day["work"]),
            "paidBreak": duration(0),
            "unpaidBreak": duration(day["break"]),
        }


def summary_path(first, last, *people, **parameters):
    options = {"period": "Custom", "date": first, "endDate": last, **parameters}
    pairs = [(name, value) for name, value in options.items() if value is not None]
    return SUMMARY + "?" + urllib.parse.urlencode(pairs + [("personIds", person) for person in people])


class TimesheetChecks(unittest.TestCase):
    """A fake of its own for each class, and the expectation for it."""

    @classmethod
    def setUpClass(cls):
        cls.fake = Fake()
        cls.addClassCleanup(cls.fake.close)
        cls.truth = cls.fake.admin("GET", "truth")[1]
        cls.expectation = Expectation(cls.truth)
        cls.first = cls.truth["first_day"]
        cls.last = cls.truth["now"][:10]

    def served(self, first, last, *people):
        return self.fake.rows(summary_path(first, last, *people))

    def check(self, first, last, *people):
        """Person by person: describing a difference of everything takes long."""
        served = self.served(first, last, *people)
        wanted = self.expectation.value(first, last, people)
        self.assertEqual([sheet["personId"] for sheet in wanted], [sheet["personId"] for sheet in served])
        for want, got in zip(wanted, served):
            self.assertEqual(want, got)
            self.assertEqual(list(want), list(got))
        return served


class Figures(TimesheetChecks):
    def test_every_day_follows_from_the_truth(self):
        served = self.check(self.first, self.last)
        self.assertEqual(40, len(served))

    def test_both_bounds_are_included(self):
        for first, last in (
            (self.first, self.first),
            ("2026-10-25", "2026-10-26"),
            ("2026-11-01", "2026-11-01"),
            ("2026-11-16", "2026-11-22"),
            (self.last, self.last),
            ("2000-01-01", "2100-01-01"),
        ):
            self.assertTrue(self.check(first, last))
        for first, last in (("2000-01-01", "2000-12-31"), ("2027-01-01", "2027-01-01")):
            self.assertEqual([], self.served(first, last))

    def test_dates_are_those_of_the_start_entries(self):
        booked = {entry["id"]: entry["belongsToDate"] for entry in self.fake.rows(ENTRIES)}
        hours = {(entry["agent_id"], entry["date"]) for entry in self.truth["hour_entries"] if not entry["archived"]}
        wanted = hours | {
            (interval["agent_id"], booked[interval["start_event_id"]])
            for interval in self.truth["intervals"]
            if interval["kind"] == "work" or not interval["lost_out"]
        }
        got = {
            (sheet["personId"], day["date"])
            for sheet in self.served("2000-01-01", "2100-01-01")
            for day in sheet["daily"]
        }
        self.assertEqual(wanted, got)

    def test_every_kind_of_day_occurs(self):
        days = [day for person in self.expectation.days.values() for day in person.values()]
        started = [day for day in days if day["firstIn"]]
        self.assertTrue(any(not day["firstIn"] and day["work"] for day in days), "hour entries alone")
        self.assertTrue(any(day["lastOut"] for day in started), "clocked out")
        self.assertTrue(any(not day["lastOut"] for day in started), "not clocked out")
        self.assertTrue(any(day["break"] for day in started), "with a break")
        self.assertTrue(any(not day["work"] for day in started), "clocked in, end unknown")
        flags = {
            flag
            for interval in self.truth["intervals"]
            for flag in ("lost_out", "auto_out", "running")
            if interval[flag]
        }
        self.assertEqual({"lost_out", "auto_out", "running"}, flags)

    def test_true_ends_of_lost_intervals_are_not_shown(self):
        lost = [interval for interval in self.truth["intervals"] if interval["lost_out"]]
        self.assertEqual({"work", "break"}, {interval["kind"] for interval in lost})
        booked = {entry["id"]: entry["belongsToDate"] for entry in self.fake.rows(ENTRIES)}
        for interval in lost:
            date = booked[interval["start_event_id"]]
            for sheet in self.served(date, date, interval["agent_id"]):
                self.assertNotEqual(interval["end"], sheet["daily"][0]["lastOut"])


class Requests(TimesheetChecks):
    def test_people(self):
        one, two, three = sorted(self.expectation.days)[5:8]
        week = "2026-11-16", "2026-11-22"
        self.check(*week, two)
        self.check(*week, three, one)
        self.assertEqual(self.served(*week, two), self.served(*week, two.upper(), two))
        self.assertEqual(self.served(*week, two), self.served(*week, two, NOBODY))
        self.assertEqual([], self.served(*week, NOBODY))

    def test_pages(self):
        path = summary_path(self.first, self.last)
        wanted = self.expectation.value(self.first, self.last)
        self.assertEqual(wanted, self.fake.rows(path, top=7))
        page = json.loads(self.fake.get(path, top=3, skip=5, count="true")[1])
        self.assertEqual(["@odata.context", "@odata.count", "value"], list(page))
        self.assertIn("TimesheetsSummary", page["@odata.context"])
        self.assertEqual((40, wanted[5:8]), (page["@odata.count"], page["value"]))
        for options, size in (({}, 40), ({"top": 0}, 0), ({"skip": 39}, 1), ({"skip": 41}, 0)):
            page = json.loads(self.fake.get(path, **options)[1])
            self.assertEqual(size, len(page["value"]))
            self.assertNotIn("@odata.count", page)

    def test_page_cap(self):
        fake = Fake("--page-cap", "9")
        self.addCleanup(fake.close)
        page = json.loads(fake.get(summary_path(self.first, self.last), top=20)[1])
        self.assertEqual(9, len(page["value"]))

    def refused(self, path, **options):
        status, text, _ = self.fake.get(path, **options)
        self.assertEqual(400, status, path + str(options))
        error = json.loads(text)["error"]
        self.assertTrue(error["code"] and error["message"] and error["innererror"]["trace"])

    def test_refused_queries(self):
        day = self.first
        for parameters in (
            {"period": None},
            {"period": "Week"},
            {"period": "custom"},
            {"date": None},
            {"endDate": None},
            {"date": "yesterday"},
            {"date": "2026-02-30"},
            {"date": day + "T00:00:00Z"},
            {"endDate": ""},
            {"endDate": "2026-01-01"},
            {"personIds": ""},
            {"personIds": "x"},
            {"personIds": NOBODY + ","},
            {"personIds": NOBODY + "," + NOBODY},
            {"personIds": "'" + NOBODY + "'"},
        ):
            self.refused(summary_path(day, day, **parameters))
        self.refused(summary_path(day, day) + "&date=" + day)
        self.refused(SUMMARY)
        for name, value in (
            ("top", "-1"),
            ("top", "x"),
            ("skip", "-1"),
            ("skip", ""),
            ("count", "yes"),
            ("apply", "x"),
            ("filter", f"personId eq {NOBODY}"),
            ("select", "daily"),
            ("orderby", "total"),
        ):
            self.refused(summary_path(day, day), **{name: value})

    def test_token_and_method(self):
        path = summary_path(self.first, self.first)
        self.assertEqual(200, self.fake.get(path)[0])
        self.assertEqual(401, self.fake.call("GET", path)[0])
        self.assertEqual(405, self.fake.call("POST", path, "{}", {"Authorization": "Bearer " + self.fake.token})[0])
        other_host = path.replace("time-attendance", "time-tracking")
        self.assertEqual(404, self.fake.get(other_host)[0])


class Changes(TimesheetChecks):
    def test_changed_objects_change_nothing(self):
        before = self.served(self.first, self.last)
        entries = self.fake.rows(ENTRIES, filter="belongsToDate eq 2026-11-17")
        for entry in entries[:5]:
            self.assertEqual(200, self.fake.admin("DELETE", "objects/TimeEntries/" + entry["id"])[0])
        for entry in entries[5:]:
            self.fake.admin(
                "PATCH",
                "objects/TimeEntries/" + entry["id"],
                {"time": "2026-11-18T00:00:00Z", "belongsToDate": "2026-11-18"},
            )
        for entry in self.fake.rows("/time-tracking/v1/HourEntries"):
            self.fake.admin("PATCH", "objects/HourEntries/" + entry["id"], {"duration": "PT9H"})
        self.assertTrue(before == self.served(self.first, self.last))


class Overrides(unittest.TestCase):
    def setUp(self):
        self.fake = Fake()
        self.addCleanup(self.fake.close)
        self.expectation = Expectation(self.fake.admin("GET", "truth")[1])
        self.person = min(self.expectation.days)
        self.week = "2026-11-16", "2026-11-22"

    def override(self, person, date, body):
        return self.fake.admin("PUT", f"timesheets/{person}/{date}", body)

    def test_one_day_gets_other_payroll_hours(self):
        sheets = self.expectation.value(*self.week)
        self.assertEqual(self.person, sheets[0]["personId"])
        date = sheets[0]["daily"][1]["date"]
        for seconds, text in ((27000, "PT7H30M"), (0, "PT0S"), (3661, "PT1H1M1S")):
            self.assertEqual((200, {}), self.override(self.person, date, {"payrollHours": text}))
            sheets[0]["daily"][1]["payrollHours"] = text
            worked = {
                day: self.expectation.days[self.person][day]["work"]
                for day in (daily["date"] for daily in sheets[0]["daily"])
            }
            sheets[0]["total"] = duration(sum({**worked, date: seconds}.values()))
            self.assertEqual(sheets, self.fake.rows(summary_path(*self.week)))
        for other_week in ("2026-11-09", "2026-11-15"), ("2026-11-23", "2026-11-24"):
            self.assertEqual(self.expectation.value(*other_week), self.fake.rows(summary_path(*other_week)))

    def test_a_day_without_time_appears(self):
        workers = set(self.expectation.days)
        idle = min(row["id"] for row in self.fake.rows("/workspace/v1/People") if row["id"] not in workers)
        date = self.week[0]
        self.assertEqual(200, self.override(idle, date, {"payrollHours": "PT4H"})[0])
        day = {
            "date": date,
            "firstIn": None,
            "lastOut": None,
            "tracked": "PT0S",
            "payrollHours": "PT4H",
            "paidBreak": "PT0S",
            "unpaidBreak": "PT0S",
        }
        self.assertEqual(
            [{"personId": idle, "date": date, "endDate": self.week[1], "total": "PT4H", "daily": [day]}],
            self.fake.rows(summary_path(*self.week, idle)),
        )
        everybody = [sheet["personId"] for sheet in self.fake.rows(summary_path(*self.week))]
        self.assertEqual(sorted(everybody), everybody)
        self.assertIn(idle, everybody)

    def test_each_figure_alone(self):
        """A later override leaves what an earlier one set, as for a break that is paid and an hour of leave."""
        sheets = self.expectation.value(*self.week)
        day = sheets[0]["daily"][0]
        for figures in ({"paidBreak": "PT15M", "unpaidBreak": "PT45M"}, {"tracked": "PT9H"}, {"payrollHours": "PT5H"}):
            self.assertEqual((200, {}), self.override(self.person, day["date"], figures))
            day.update(figures)
            served = self.fake.rows(summary_path(*self.week, self.person))[0]["daily"][0]
            self.assertEqual(day, served)

    def test_bad_input_is_named(self):
        date, good = self.week[0], {"payrollHours": "PT8H"}
        for person, day, body, status, word in (
            (NOBODY, date, good, 404, NOBODY),
            ("nobody", date, good, 400, "nobody"),
            (self.person, "2026-02-30", good, 400, "2026-02-30"),
            (self.person, "monday", good, 400, "monday"),
            (self.person, date, "[", 400, "object"),
            (self.person, date, {}, 400, "payrollHours"),
            (self.person, date, {"payrollHours": "PT8H", "colour": 1}, 400, "colour"),
            *(
                (self.person, date, {"payrollHours": bad}, 400, "payrollHours")
                for bad in (
                    "",
                    "8",
                    "PT",
                    "PT8",
                    "8H",
                    "P8H",
                    "PT8X",
                    "PTH",
                    "PT30M1H",
                    "PT1H1H",
                    "-PT1H",
                    "PT1.5H",
                    "P1D",
                    "PT99999999999H",
                    8,
                    None,
                )
            ),
        ):
            got, answer = self.override(person, day, body)
            self.assertEqual(status, got, (day, body))
            self.assertIn(word, answer["error"])
        self.assertEqual(self.expectation.value(*self.week), self.fake.rows(summary_path(*self.week)))


if __name__ == "__main__":
    unittest.main()
