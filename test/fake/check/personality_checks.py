"""What checks of the switches stand on: the lists, and a fake that is put back into its default after each check."""

import json
import unittest

from fake_client import Fake

ORGANIZATIONS, PEOPLE, GROUPS, ACTIVITIES = (
    "/workspace/v1/" + name for name in ("Organizations", "People", "Groups", "Activities")
)
TRACKING_PEOPLE, HOUR_ENTRIES = "/time-tracking/v1/People", "/time-tracking/v1/HourEntries"
ZONE_KEYS = ["ICultureSettings/TimeZone", "ICalculationSettings/TimeSheetTimeZone"]


class PersonalityChecks(unittest.TestCase):
    """One fake for a class, put back into its default after each test."""

    @classmethod
    def setUpClass(cls):
        cls.fake = Fake("--weeks", "2")
        cls.addClassCleanup(cls.fake.close)
        cls.switches = cls.fake.admin("GET", "personality/switches")[1]
        cls.defaults = {name: positions[0] for name, positions in cls.switches.items()}

    def tearDown(self):
        self.move(**self.defaults)

    def move(self, **switches):
        status, now = self.fake.admin("PUT", "personality", switches)
        self.assertEqual(200, status, now)
        self.assertEqual(now, now | switches)

    def page(self, path, **options):
        status, text, _ = self.fake.get(path, **options)
        self.assertEqual(200, status, text)
        return json.loads(text)

    def refused(self, wanted, path, **options):
        """Twice, for a refusal stays."""
        for _ in range(2):
            status, text, _ = self.fake.get(path, **options)
            self.assertEqual(wanted, status, (path, options))
            error = json.loads(text)["error"]
            self.assertTrue(error["code"] and error["message"] and error["innererror"]["trace"])

    def everything(self, path, **options):
        """All rows whatever the personality: plainly, and up to the first empty page."""
        rows = []
        while page := self.page(path, top=100, skip=len(rows), **options)["value"]:
            rows += page
        return rows

    def alike(self, wanted, got):
        """By id, in no order."""
        self.assertEqual({row["id"]: row for row in wanted}, {row["id"]: row for row in got})
        self.assertEqual(len(wanted), len(got))
