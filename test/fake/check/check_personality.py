#!/usr/bin/env python3
"""Checks each switch in each position, by what the default answers: check_personality.py PATH-TO-fake-jibble"""

import json
import subprocess
import unittest

from fake_client import ENTRIES, PROGRAM, SUMMARY, Fake
from personality_checks import (
    ACTIVITIES,
    GROUPS,
    HOUR_ENTRIES,
    ORGANIZATIONS,
    PEOPLE,
    TRACKING_PEOPLE,
    ZONE_KEYS,
    PersonalityChecks,
)


class Switches(PersonalityChecks):
    def test_all_are_listed_and_stand_at_their_first_position(self):
        self.assertEqual(
            {
                "id_order": ["as_asked", "refused_400", "refused_500"],
                "select_slash_keys": ["honoured", "refused_400", "refused_500", "left_out"],
                "people_time_zones": ["honoured", "refused_400"],
                "count": ["given", "missing", "refused_400"],
                "page_cap": ["1000", "100", "50", "refused_above_100"],
                "entries_500": ["never", "with_count", "large_pages"],
                "removed_people": ["listed", "by_id", "gone"],
                "archived_groups": ["listed", "by_id", "gone"],
                "archived_activities": ["listed", "by_id", "gone"],
                "archived_entries": ["listed", "by_id", "gone"],
                "entries_without_date": ["found", "empty"],
                "activity_after_break": ["repeated", "none"],
                "break_end_type": ["In", "EndBreak"],
                "summary_midnight": ["whole", "split"],
                "summary_envelope": ["object", "array"],
                "summary_durations": ["plain", "fractional", "days"],
                "tracked_hour_entries": ["with", "without"],
                "tracked_deductions": ["without", "with"],
                "person_ids": ["repeated", "single"],
                "seventh_digit": ["never", "any"],
                "object_by_key": ["not_served", "served"],
            },
            self.switches,
        )
        self.assertEqual((200, self.defaults), self.fake.admin("GET", "personality"))

    def test_each_position_is_kept_until_the_next(self):
        wanted = dict(self.defaults)
        for name, positions in self.switches.items():
            for position in positions[::-1]:
                wanted[name] = position
                self.assertEqual((200, wanted), self.fake.admin("PUT", "personality", {name: position}))
                self.assertEqual((200, wanted), self.fake.admin("GET", "personality"))
            wanted[name] = positions[-1]
            self.move(**{name: positions[-1]})
        self.assertEqual((200, wanted), self.fake.admin("PUT", "personality", {}))

    def test_wrong_names_and_positions_are_named_and_change_nothing(self):
        for body, words in (
            ({"id_ordre": "as_asked"}, ["id_ordre", "id_order", "seventh_digit"]),
            ({"count": "sometimes"}, ["count", "sometimes", "given, missing or refused_400"]),
            ({"count": ""}, ["count", "given"]),
            ({"count": None}, ["count", "null"]),
            ({"count": ["missing"]}, ["count", "missing"]),
            ({"page_cap": 51}, ["page_cap", "51", "50"]),
            ({"Count": "missing"}, ["Count"]),
            ("[]", ["object"]),
            ("{", ["object"]),
            ("", ["object"]),
            ({"count": "missing", "break_end_type": "Out"}, ["break_end_type", "EndBreak"]),
        ):
            status, answer = self.fake.admin("PUT", "personality", body)
            self.assertEqual(400, status, body)
            for word in words:
                self.assertIn(word, answer["error"])
        self.assertEqual((200, self.defaults), self.fake.admin("GET", "personality"))
        self.assertEqual(50, int(self.fake.admin("PUT", "personality", {"page_cap": 50})[1]["page_cap"]))

    def test_at_the_start(self):
        fake = Fake("--weeks", "1", "--personality", '{"count": "missing", "page_cap": "50"}')
        self.addCleanup(fake.close)
        self.assertEqual(
            (200, self.defaults | {"count": "missing", "page_cap": "50"}), fake.admin("GET", "personality")
        )
        page = json.loads(fake.get(ENTRIES, top=1000, count="true")[1])
        self.assertEqual((50, None), (len(page["value"]), page.get("@odata.count")))

    def test_a_wrong_one_at_the_start_is_wrong_usage(self):
        for text, words in (
            ('{"count": "x"}', ["count", "missing"]),
            ('{"cuont": "given"}', ["cuont", "count"]),
            ("count=given", ["object"]),
        ):
            done = subprocess.run([PROGRAM, "--personality", text], capture_output=True, text=True)
            self.assertEqual(2, done.returncode, text)
            for word in words:
                self.assertIn(word, done.stdout + done.stderr)


class Queries(PersonalityChecks):
    def test_id_order(self):
        day = "belongsToDate ge 2026-11-16 and belongsToDate le 2026-11-17"
        named = [(ENTRIES, order) for order in ("id", "id asc", "time asc,id desc", "personId, id , time")]
        named += [(path, "id asc") for path in (PEOPLE, GROUPS, ACTIVITIES, HOUR_ENTRIES, TRACKING_PEOPLE)]
        rows = {order: self.page(ENTRIES, filter=day, orderby=order, top=1000)["value"] for _, order in named[:4]}
        self.assertEqual(sorted(row["id"] for row in rows["id"]), [row["id"] for row in rows["id asc"]])
        by_time = self.page(ENTRIES, filter=day, orderby="time asc,personId", top=1000)
        for position, status in (("refused_400", 400), ("refused_500", 500)):
            self.move(id_order=position)
            for path, order in named:
                self.refused(status, path, orderby=order)
            self.assertEqual(by_time, self.page(ENTRIES, filter=day, orderby="time asc,personId", top=1000))
            self.assertEqual(
                by_time["value"][:3],
                self.page(ENTRIES, filter=day, orderby="time asc,personId", top=3, select="*")["value"],
            )

    def test_select_slash_keys(self):
        people, (organization,) = self.everything(PEOPLE), self.everything(ORGANIZATIONS)
        wanted = [{key: row[key] for key in ("id", "fullName", *ZONE_KEYS)} for row in people]
        both = "id,fullName," + ",".join(ZONE_KEYS)
        self.alike(wanted, self.everything(PEOPLE, select=both))
        for position, status in (("refused_400", 400), ("refused_500", 500)):
            self.move(select_slash_keys=position)
            for key in ZONE_KEYS:
                self.refused(status, PEOPLE, select="id," + key)
            self.refused(status, ORGANIZATIONS, select="IOrganizationProfileSettings/FirstDayOfWeek")
            self.alike(people, self.everything(PEOPLE))
            self.alike([{"id": row["id"]} for row in people], self.everything(PEOPLE, select="id"))
        self.move(select_slash_keys="left_out")
        self.alike(
            [{"id": row["id"], "fullName": row["fullName"]} for row in people], self.everything(PEOPLE, select=both)
        )
        self.assertEqual([{}], self.page(ORGANIZATIONS, select=ZONE_KEYS[0])["value"])
        self.assertEqual([organization], self.everything(ORGANIZATIONS))

    def test_people_time_zones(self):
        people = self.everything(TRACKING_PEOPLE)
        self.alike(people, self.everything(TRACKING_PEOPLE, select="id,fullName,timeZone,timeSheetTimeZone"))
        self.move(people_time_zones="refused_400")
        for select in ("id,fullName,timeZone,timeSheetTimeZone", "id,timeZone", "timeSheetTimeZone"):
            self.refused(400, TRACKING_PEOPLE, select=select)
        self.alike(people, self.everything(TRACKING_PEOPLE))
        self.alike([{"id": row["id"]} for row in people], self.everything(TRACKING_PEOPLE, select="id"))
        self.page(PEOPLE, select="id," + ZONE_KEYS[0])

    def test_count(self):
        summary = SUMMARY + "?period=Custom&date=2026-11-16&endDate=2026-11-22"
        for path in (ENTRIES, HOUR_ENTRIES, PEOPLE, GROUPS, ACTIVITIES, TRACKING_PEOPLE, ORGANIZATIONS, summary):
            self.move(count="given")
            counted = self.page(path, count="true", top=20)
            size = counted.pop("@odata.count")
            self.assertGreaterEqual(size, len(counted["value"]))
            plain = self.page(path, top=20)
            self.assertEqual(counted, plain)
            self.move(count="missing")
            self.assertEqual(plain, self.page(path, count="true", top=20))
            self.move(count="refused_400")
            self.refused(400, path, count="true")
            self.assertEqual(plain, self.page(path, top=20))
            self.assertEqual(plain, self.page(path, top=20, count="false"))

    def test_page_cap(self):
        order = {"orderby": "time,personId,type"}
        entries = self.page(ENTRIES, top=1000, **order)["value"]
        self.assertEqual(1000, len(self.page(ENTRIES, top=2000)["value"]))
        default = self.page(ENTRIES, **order)["value"]
        for cap in (100, 50):
            self.move(page_cap=str(cap))
            for top, skip in ((1000, 0), (cap + 1, 7), (cap, 300), (cap - 1, 0)):
                size = min(top, cap)
                self.assertEqual(entries[skip : skip + size], self.page(ENTRIES, top=top, skip=skip, **order)["value"])
            self.assertEqual(default, self.page(ENTRIES, **order)["value"])
            self.assertEqual(cap, len(self.page(ACTIVITIES, top=1000)["value"]))
        self.move(page_cap="refused_above_100")
        for path in (
            ENTRIES,
            HOUR_ENTRIES,
            ACTIVITIES,
            PEOPLE,
            SUMMARY + "?period=Custom&date=2026-11-16&endDate=2026-11-22",
        ):
            for top in (101, 1000):
                self.refused(400, path, top=top)
            self.page(path, top=100)
            self.page(path)
        self.assertEqual(entries[:100], self.page(ENTRIES, top=100, **order)["value"])
        self.assertEqual(default, self.page(ENTRIES, **order)["value"])

    def test_entries_500(self):
        order = {"orderby": "time,personId,type"}
        counted = self.page(ENTRIES, top=200, count="true", **order)
        plain = self.page(ENTRIES, top=200, **order)
        self.move(entries_500="with_count")
        self.refused(500, ENTRIES, top=200, count="true")
        self.refused(500, ENTRIES, top=1, count="true")
        self.assertEqual(plain, self.page(ENTRIES, top=200, **order))
        self.move(entries_500="large_pages")
        self.refused(500, ENTRIES, top=101)
        hundred = self.page(ENTRIES, top=100, count="true", **order)
        self.assertEqual((counted["@odata.count"], counted["value"][:100]), (hundred["@odata.count"], hundred["value"]))
        for position in ("with_count", "large_pages"):
            self.move(entries_500=position)
            for path in (HOUR_ENTRIES, PEOPLE, ACTIVITIES):
                self.page(path, top=1000, count="true")

    def test_entries_without_date(self):
        entries, hours = self.everything(ENTRIES), self.everything(HOUR_ENTRIES)
        entry, hour = entries[0], hours[0]
        undated = [
            (ENTRIES, f"id eq {entry['id']}"),
            (ENTRIES, f"personId eq {entry['personId']}"),
            (ENTRIES, None),
            (ENTRIES, f"belongsToDate eq {entry['belongsToDate']} or id eq {entry['id']}"),
            (ENTRIES, "belongsToDate ne 2026-01-01"),
            (HOUR_ENTRIES, f"id eq {hour['id']}"),
            (HOUR_ENTRIES, None),
        ]
        dated = [
            (ENTRIES, f"belongsToDate eq {entry['belongsToDate']} and id eq {entry['id']}"),
            (
                ENTRIES,
                f"(id eq {entry['id']} or type eq 'Out') and (belongsToDate ge 2026-11-16 and belongsToDate lt "
                "2026-11-18)",
            ),
            (ENTRIES, f"time ge {entry['time']}"),
            (ENTRIES, "belongsToDate in (2026-11-16,2026-11-17)"),
            (ENTRIES, "belongsToDate eq 2026-11-16 or belongsToDate eq 2026-11-17"),
            (HOUR_ENTRIES, f"date ge {hour['date']} and id eq {hour['id']}"),
        ]

        def ask(path, text):
            return self.everything(path, **({"filter": text} if text else {}))

        before = [ask(*question) for question in dated]
        for question in undated + dated:
            self.assertTrue(ask(*question), question)
        # What has no readable date matches whatever is asked for, but nothing when no date is asked for.
        odd = "22222222-3333-4444-8555-666666666666"
        self.fake.admin("PUT", "objects/TimeEntries", {"id": odd, "belongsToDate": None})
        self.move(entries_without_date="empty")
        for question in undated:
            self.assertEqual([], ask(*question), question)
        counted = self.page(ENTRIES, filter=undated[0][1], count="true")
        self.assertEqual((0, []), (counted["@odata.count"], counted["value"]))
        self.assertEqual([odd], [row["id"] for row in ask(ENTRIES, f"id eq {odd} and belongsToDate eq 2026-11-16")])
        self.fake.admin("DELETE", "objects/TimeEntries/" + odd)
        for question, rows in zip(dated, before):
            self.alike(rows, ask(*question))
        self.assertEqual(76, len(ask(PEOPLE, None)))


class RemovedAndArchived(PersonalityChecks):
    """What each list shows is what the default shows, less what is removed or archived."""

    def check(self, switch, path, is_hidden):
        rows = self.everything(path)
        hidden, live = ([row for row in rows if is_hidden(row) == wanted] for wanted in (True, False))
        self.assertTrue(hidden and live, path)
        gone, alive = hidden[0]["id"], live[0]["id"]
        lists = {
            f"id ne {alive}": [row for row in live if row["id"] != alive],
            f"id eq {gone} or createdAt ge 2000-01-01T00:00:00Z": live,
            f"id eq {alive}": live[:1],
        }
        by_id = {
            f"id eq {gone}": hidden[:1],
            f"id in ({gone},{alive})": [hidden[0], live[0]],
            f"id eq {alive} or (id eq {gone})": [hidden[0], live[0]],
            f"id eq {gone} and id ne {alive}": hidden[:1],
        }
        if path == TRACKING_PEOPLE:  # has no such property
            lists = {text: wanted for text, wanted in lists.items() if "createdAt" not in text}
        for position in ("by_id", "gone"):
            self.move(**{switch: position})
            self.alike(live, self.everything(path))
            self.assertEqual(len(live), self.page(path, count="true", top=1)["@odata.count"])
            for text, wanted in lists.items():
                self.alike(wanted, self.everything(path, filter=text))
            for text, wanted in by_id.items():
                shown = [row for row in wanted if position == "by_id" or not is_hidden(row)]
                self.alike(shown, self.everything(path, filter=text))
            # Tests still see it, and other switches do not touch this resource.
            self.assertEqual(200, self.fake.admin("GET", f"objects/{self.admin_name(path)}/{gone}")[0])
        others = {"removed_people", "archived_groups", "archived_activities", "archived_entries"} - {switch}
        self.move(**{switch: "listed"}, **{other: "gone" for other in others})
        self.alike(rows, self.everything(path))

    @staticmethod
    def admin_name(path):
        return "TrackingPeople" if path == TRACKING_PEOPLE else path.rsplit("/", 1)[1]

    def test_people(self):
        removed = {row["id"] for row in self.everything(PEOPLE) if row["status"] == "Removed"}
        self.assertEqual(6, len(removed))
        self.check("removed_people", PEOPLE, lambda row: row["status"] == "Removed")
        self.check("removed_people", TRACKING_PEOPLE, lambda row: row["id"] in removed)

    def test_a_person_who_is_removed_keeps_their_entries(self):
        entries = self.everything(ENTRIES)
        person = entries[0]["personId"]
        self.fake.admin("PATCH", "objects/People/" + person, {"status": "Removed"})
        self.addCleanup(self.fake.admin, "PATCH", "objects/People/" + person, {"status": "Joined"})
        self.move(removed_people="gone")
        for path in (PEOPLE, TRACKING_PEOPLE):
            self.assertNotIn(person, [row["id"] for row in self.everything(path)])
            self.assertEqual([], self.everything(path, filter=f"id eq {person}"))
        self.alike(entries, self.everything(ENTRIES))

    def test_groups(self):
        group = self.everything(GROUPS)[3]["id"]
        self.fake.admin("PATCH", "objects/Groups/" + group, {"status": "Archived"})
        self.addCleanup(self.fake.admin, "PATCH", "objects/Groups/" + group, {"status": "Active"})
        self.check("archived_groups", GROUPS, lambda row: row["id"] == group)

    def test_activities(self):
        self.check("archived_activities", ACTIVITIES, lambda row: row["status"] == "Archived")

    def test_entries(self):
        for path in (ENTRIES, HOUR_ENTRIES):
            self.check("archived_entries", path, lambda row: row["status"] == "Archived")

    def test_a_filter_is_kept_whole(self):
        """An or in it must not let the archived ones through, and wrong ones are refused as ever."""
        wanted = [row for row in self.everything(ENTRIES) if row["type"] == "In" or row["status"] == "Archived"]
        archived = {row["id"] for row in wanted if row["status"] == "Archived"}
        self.assertTrue(archived)
        self.move(archived_entries="gone")
        got = self.everything(ENTRIES, filter="type eq 'In' or status eq 'Archived'")
        self.alike([row for row in wanted if row["id"] not in archived], got)
        for text in ("type eq 'In') or (status eq 'Archived'", "nothing eq 1", "(type eq 'In'", ""):
            self.refused(400, ENTRIES, filter=text)


if __name__ == "__main__":
    unittest.main()
