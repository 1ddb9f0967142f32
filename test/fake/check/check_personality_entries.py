#!/usr/bin/env python3
"""Checks the switches of time entries, and who is erased, by what the default answers:
check_personality_entries.py PATH-TO-fake-jibble"""

import collections
import datetime
import json
import unittest
import zoneinfo

from fake_client import ENTRIES, SUMMARY
from personality_checks import ACTIVITIES, GROUPS, HOUR_ENTRIES, PEOPLE, TRACKING_PEOPLE, PersonalityChecks


class Entries(PersonalityChecks):
    """What entries say: everything but the named member as by default."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.truth = cls.fake.admin("GET", "truth")[1]
        agents = {agent["id"]: agent for agent in cls.truth["agents"]}
        cutoffs = {group["id"]: datetime.timedelta(hours=int(group["day_cutoff"][:2])) for group in cls.truth["groups"]}
        by_agent = collections.defaultdict(list)
        for interval in sorted(cls.truth["intervals"], key=lambda interval: interval["start"]):
            by_agent[interval["agent_id"]].append(interval)

        def workday(interval):
            agent = agents[interval["agent_id"]]
            local = datetime.datetime.fromisoformat(interval["start"]).astimezone(zoneinfo.ZoneInfo(agent["time_zone"]))
            return (local - cutoffs[agent["group_id"]]).date()

        # Of each work interval that ends a break: whether the work before it was the same, on the same workday.
        cls.after_break, cls.activity = {}, {}
        for intervals in by_agent.values():
            work = None
            for before, this in zip([None] + intervals, intervals):
                cls.activity[this["start_event_id"]] = this["activity_id"]
                if not before or before["end"] != this["start"] or before["lost_out"]:
                    work = None
                if this["kind"] == "work" and work and before["kind"] == "break":
                    cls.after_break[this["start_event_id"]] = work["activity_id"] == this["activity_id"] and workday(
                        work
                    ) == workday(this)
                if this["kind"] == "work":
                    work = this

    def check(self, changed, **switches):
        """`changed(entry)` gives the members that are to differ."""
        before = {row["id"]: row for row in self.everything(ENTRIES)}
        wanted = {id: row | changed(row) for id, row in before.items()}
        touched = [id for id in before if before[id] != wanted[id]]
        self.assertTrue(touched)
        self.move(**switches)
        self.alike(list(wanted.values()), self.everything(ENTRIES))
        self.assertEqual((200, self.truth), self.fake.admin("GET", "truth"))
        return [wanted[id] for id in touched]

    def test_activity_after_break(self):
        named = {id for id, goes_on in self.after_break.items() if goes_on and self.activity[id]}
        switched = {id for id, goes_on in self.after_break.items() if not goes_on}
        self.assertTrue(named and switched)
        touched = self.check(
            lambda row: {"activityId": None} if row["id"] in named else {}, activity_after_break="none"
        )
        self.assertEqual(named, {row["id"] for row in touched})
        # Filters and orders read what is served.
        nulls = {row["id"] for row in self.everything(ENTRIES, filter="activityId eq null and type eq 'In'")}
        self.assertLess(named, nulls)
        activity = self.activity[min(named)]
        self.assertFalse(named & {row["id"] for row in self.everything(ENTRIES, filter=f"activityId eq {activity}")})
        self.move(activity_after_break="repeated")
        self.assertLess(
            {id for id in named if self.activity[id] == activity},
            {row["id"] for row in self.everything(ENTRIES, filter=f"activityId eq {activity}")},
        )

    def test_break_end_type(self):
        touched = self.check(
            lambda row: {"type": "EndBreak"} if row["id"] in self.after_break else {}, break_end_type="EndBreak"
        )
        self.assertEqual(set(self.after_break), {row["id"] for row in touched})
        self.alike(touched, self.everything(ENTRIES, filter="type eq 'EndBreak'"))
        self.assertEqual([], self.everything(ENTRIES, filter=f"type eq 'In' and id eq {touched[0]['id']}"))
        self.move(break_end_type="In")
        self.assertEqual([], self.everything(ENTRIES, filter="type eq 'EndBreak'"))

    def test_seventh_digit(self):
        members = ("time", "localTime", "createdAt", "updatedAt", "autoClockOutTime")
        before = {row["id"]: row for row in self.everything(ENTRIES)}
        self.move(seventh_digit="any")
        after = {row["id"]: row for row in self.everything(ENTRIES)}
        self.assertEqual(set(before), set(after))
        digits = collections.Counter()
        for id, row in after.items():
            for member in members:
                if before[id][member] is None:
                    self.assertIsNone(row[member])
                    continue
                end = -6 if member == "localTime" else -1  # "+08:00" or "Z"
                whole, _, fraction = row[member][:end].partition(".")
                old_whole, _, old_fraction = before[id][member][:end].partition(".")
                self.assertEqual(
                    (7, old_whole, (old_fraction + "000000")[:6], before[id][member][end:]),
                    (len(fraction), whole, fraction[:6], row[member][end:]),
                )
                digits[fraction[6]] += 1
            self.assertEqual(row["time"][19:27], row["localTime"][19:27])
            self.assertEqual(
                {k: v for k, v in before[id].items() if k not in members},
                {k: v for k, v in row.items() if k not in members},
            )
        self.assertEqual(set("0123456789"), set(digits))
        self.assertGreater(digits["9"], digits["5"])

    def test_object_by_key(self):
        for path in (GROUPS, PEOPLE, TRACKING_PEOPLE, ENTRIES):
            row = self.everything(path)[0]
            self.move(object_by_key="not_served")
            self.assertEqual(404, self.fake.get(f"{path}({row['id']})")[0])
            self.move(object_by_key="served")
            status, text, _ = self.fake.get(f"{path}({row['id']})", select="id")
            self.assertEqual((200, {"id": row["id"]}), (status, json.loads(text)))
            status, text, _ = self.fake.get(f"{path}({row['id']})")
            self.assertEqual((200, row["id"]), (status, json.loads(text)["id"]))
            self.assertEqual(404, self.fake.get(f"{path}(00000000-0000-4000-8000-00000000dead)")[0])
            self.assertEqual(400, self.fake.get(f"{path}('{row['id']}')")[0])


class Erased(PersonalityChecks):
    def test_a_person_and_everything_of_theirs(self):
        paths = (PEOPLE, TRACKING_PEOPLE, ENTRIES, HOUR_ENTRIES, GROUPS, ACTIVITIES)
        summary = SUMMARY + "?period=Custom&date=2000-01-01&endDate=2100-01-01"
        before = {path: self.everything(path) for path in paths}
        sheets = self.page(summary, top=1000)["value"]
        person = before[HOUR_ENTRIES][0]["personId"]
        edited = next(row for row in before[ENTRIES] if row["personId"] == person)
        self.fake.admin("PATCH", "objects/TimeEntries/" + edited["id"], {"note": "changed by hand"})
        self.assertEqual((200, {}), self.fake.admin("POST", f"people/{person.upper()}/erase"))
        for path, rows in before.items():
            left = [row for row in rows if person not in (row["id"], row.get("personId"))]
            self.assertEqual(path not in (GROUPS, ACTIVITIES), len(left) < len(rows), path)
            self.alike(left, self.everything(path))
        self.assertEqual([], self.everything(ENTRIES, filter=f"personId eq {person}"))
        self.assertEqual([], self.everything(PEOPLE, filter=f"id eq {person}"))
        left = [sheet for sheet in sheets if sheet["personId"] != person]
        self.assertEqual((len(sheets) - 1, left), (len(left), self.page(summary, top=1000)["value"]))
        self.assertEqual([], self.page(summary + "&personIds=" + person)["value"])
        self.assertEqual(404, self.fake.admin("PUT", f"timesheets/{person}/2026-11-16", {"tracked": "PT1H"})[0])
        self.assertIn(person, [agent["id"] for agent in self.fake.admin("GET", "truth")[1]["agents"]])
        for wanted, who in ((404, person), (404, "00000000-0000-4000-8000-000000000000"), (400, "nobody")):
            status, answer = self.fake.admin("POST", f"people/{who}/erase")
            self.assertEqual(wanted, status)
            self.assertIn(who, answer["error"])


if __name__ == "__main__":
    unittest.main()
