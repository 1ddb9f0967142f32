"""Several switches at once, drawn at random: the first reading, and one after changes at the source, give the truth's
hours, and the audit agrees. The seed is in each test's name; PERSONALITY_SEED=N draws others,
the same N the same ones."""

import os
import random

import pytest

from personalities import (
    SWITCHES,
    WINDOW,
    assert_audited,
    assert_hours,
    carry_activities_on,
    case,
    named,
    set_night_cutoffs,
)

SEED = int(os.environ.get("PERSONALITY_SEED", "20261124"))
COMBINATIONS = 20


def draw(number):
    """Each switch leaves its default in one of two combinations. One pair is left out: where nobody tells people's
    zones no hours can be right, and test_reading_adapts.py demands an error."""
    chance = random.Random(f"{SEED}/{number}")
    switches = {name: chance.choice(positions[1:]) for name, positions in SWITCHES.items() if chance.random() < 0.5}
    if "people_time_zones" in switches and "select_slash_keys" in switches:
        del switches[chance.choice(["people_time_zones", "select_slash_keys"])]
    return switches


def test_every_position_is_drawn_and_the_draw_is_repeatable(record_property):
    record_property("summary", f"personalities: {COMBINATIONS} combinations of PERSONALITY_SEED={SEED}")
    drawn = [draw(number) for number in range(200)]
    assert drawn == [draw(number) for number in range(200)]
    assert {item for switches in drawn for item in switches.items()} == {
        (name, position) for name, positions in SWITCHES.items() for position in positions[1:]
    }


@pytest.mark.parametrize("number", range(COMBINATIONS), ids=lambda number: f"seed{SEED}-{number}")
def test_a_random_combination_gives_the_truths_hours(case, number):
    switches = draw(number)
    print(f"PERSONALITY_SEED={SEED}, number {number}: {named(switches)}")
    organisation, daemon = case
    organisation.move(switches)
    daemon.must("backfill", *WINDOW)
    set_night_cutoffs(daemon, organisation)
    carried_on = "activity_after_break" in switches
    if carried_on:
        carry_activities_on(daemon)
    unknown = organisation.removed if switches.get("removed_people") == "gone" else None
    assert_hours(daemon, organisation.expected(switches, carried_on, unknown))
    hours = organisation.change_the_past()
    organisation.erase_somebody()
    daemon.must("sync", *WINDOW)
    assert_hours(daemon, organisation.expected(switches, carried_on, unknown))
    assert_audited(daemon, switches, organisation.erased, hours)
