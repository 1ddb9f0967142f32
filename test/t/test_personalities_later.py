"""A Jibble that changes its ways after the first reading: under each position of each switch what was taken back is
deleted, whose person is gone is kept, and nothing else changes."""

import pytest

from personalities import (SINGLY, WINDOW, assert_hours, carry_activities_on, case, migrated, named,  # noqa: F401
                           set_night_cutoffs)

pytestmark = pytest.mark.every_server


@pytest.mark.parametrize("switches", SINGLY, ids=named)
def test_what_changed_is_read_and_what_is_gone_is_proven(case, switches):
    organisation, daemon = case
    daemon.must("backfill", *WINDOW)
    set_night_cutoffs(daemon, organisation)
    organisation.move(switches)
    daemon.must("sync", *WINDOW)
    assert_hours(daemon, organisation.expected(switches))
    organisation.change_the_past()
    organisation.erase_somebody()
    daemon.must("sync", *WINDOW)
    assert_hours(daemon, organisation.expected(switches))
    if "activity_after_break" in switches:
        carry_activities_on(daemon)
        assert_hours(daemon, organisation.expected(switches, carried_on=True))
