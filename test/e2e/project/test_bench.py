"""make bench: its lines and their targets, without running any of them."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

BENCH = pathlib.Path(__file__).parents[2] / "bench"
KNOWN = """
import json, bench, measure
measured = [name for _, names in bench.PARTS.values() for name in names]
print(json.dumps([measured, list(measure.TARGETS), list(measure.AT_LEAST)]))
"""


@pytest.fixture(scope="module")
def known():
    """(names of lines by the parts that measure them, names with a target, those that must be at least that), read in a
    process of its own, as modules there have names that modules here have too."""
    return json.loads(subprocess.check_output([sys.executable, "-c", KNOWN], cwd=BENCH))


def asked(only):
    return subprocess.run(
        [sys.executable, BENCH / "bench.py", "1000", "--only", only, "--check"], capture_output=True, text=True
    )


def test_each_line_with_a_target_is_measured_by_one_part(known):
    measured, targets, at_least = known
    assert sorted(measured) == sorted(targets)
    assert set(at_least) <= set(targets)


def test_all_known_names_are_taken(known):
    for only in (
        "",
        "page_growth",
        "page_growth,poll_over_read",
        " replay_wait, replay_over_copy ",
        ",".join(known[1]),
    ):
        answer = asked(only)
        assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", ""), only


def test_an_unknown_name_is_refused_with_the_names_that_there_are(known):
    answer = asked("page_growth,pages,poll")
    assert (answer.returncode, answer.stdout) == (2, "")
    first, *names = answer.stderr.splitlines()
    assert first == "make bench: no line is named pages, poll; there are:"
    assert [name.strip() for name in names] == known[1]


def made(*given):
    """The commands of make bench."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "-n", "bench", *given],
        cwd=BENCH.parents[1],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()


def test_make_refuses_it_before_it_builds_anything():
    commands = made("ONLY=nothing")
    check = next(n for n, line in enumerate(commands) if line.endswith("--check"))
    assert "--only 'nothing'" in commands[check]
    assert check < next(n for n, line in enumerate(commands) if "all" in line.split())


@pytest.mark.parametrize("given, is_asked", [([], False), (["PEERS=1"], True), (["PEERS=0"], False)])
def test_peers_are_asked_for_by_a_variable(given, is_asked):
    assert ("--peers" in made(*given)[-1].split()) == is_asked
