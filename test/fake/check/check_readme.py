#!/usr/bin/env python3
"""Checks that README.md lists each option, endpoint, action and switch: check_readme.py PATH-TO-fake-jibble"""

import pathlib
import re
import subprocess
import unittest

from fake_client import PROGRAM, Fake

FOLDER = pathlib.Path(__file__).parent.parent
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", (FOLDER / "README.md").read_text(), re.M | re.S))


def rows(section):
    """The cells of the section's tables, heads left out."""
    lines = [line for line in SECTIONS[section].splitlines() if line.startswith("| ") and not line.startswith("| ---")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0].startswith("`")]


def quoted(cell):
    return re.findall(r"`([^`]+)`", cell)


class Readme(unittest.TestCase):
    def test_lists_every_option(self):
        text = subprocess.run([PROGRAM, "--help"], check=True, stdout=subprocess.PIPE, text=True).stdout
        options = set(re.findall(r"^ +(?:-\w,)?(--[a-z-]+)", text, re.M)) - {"--help"}
        self.assertGreater(len(options), 5)
        self.assertEqual(options, {name for row in rows("Options") for name in quoted(row[0])})

    def test_lists_every_switch_with_its_positions_in_order(self):
        fake = Fake("--weeks", "1")
        self.addCleanup(fake.close)
        switches = fake.admin("GET", "personality/switches")[1]
        self.assertEqual(switches, {quoted(row[0])[0]: quoted(row[1]) for row in rows("Switches")})

    def test_lists_every_endpoint(self):
        source = (FOLDER / "admin/admin.cpp").read_text()
        routes = re.findall(r'server\.(\w+)\(\s*"(/_fake/[^"]*)"', source)
        for name, path in re.findall(r'const char\* (\w+) = "(/_fake/[^"]*)"', source):
            routes += [(method, path) for method in re.findall(rf"server\.(\w+)\({name},", source)]
        served = sorted((method.upper(), re.sub(r"\([^)]*\)", "*", path)) for method, path in routes)
        listed = [quoted(row[0])[0].split() for row in rows("Admin endpoints") if row[0].count("/_fake/")]
        self.assertGreater(len(served), 15)
        self.assertEqual(served, sorted((method, re.sub(r"\b[A-Z]{2,}\b", "*", path)) for method, path in listed))

    def test_lists_every_action(self):
        names = re.search(
            r'\{"status", Action::status\}.*?\};', (FOLDER / "admin/faults.cpp").read_text(), re.S
        ).group()
        actions = [row[0].strip("`") for row in rows("Admin endpoints") if "/_fake/" not in row[0]]
        self.assertEqual(sorted(re.findall(r'\{"(\w+)", Action', names)), sorted(actions))


if __name__ == "__main__":
    unittest.main(verbosity=1)
