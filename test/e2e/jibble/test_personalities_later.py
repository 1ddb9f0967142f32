"""A Jibble that changes its ways after the first reading: under each position of what readings meet what was taken back
is deleted, what belongs to a person who is gone is kept, and nothing else changes."""

import pytest

from personalities import (
    READING,
    WINDOW,
    assert_hours,
    carry_activities_on,
    named,
    read_by_default,  # noqa: F401
    read_case,
)

ASK_ENTRIES = {"id_order", "count", "page_cap", "entries_500", "archived_entries", "entries_without_date"}


@pytest.mark.parametrize("switches", READING, ids=named)
def test_what_changed_is_read_and_what_is_gone_is_proven(read_case, switches):
    organisation, daemon = read_case
    organisation.move(switches)
    organisation.change_the_past()
    daemon.must("sync", *WINDOW)
    assert_hours(daemon, organisation.expected(switches))
    if "activity_after_break" in switches:
        carry_activities_on(daemon)
        assert_hours(daemon, organisation.expected(switches, carried_on=True))


@pytest.mark.parametrize("switches", READING, ids=named)
def test_the_hours_of_an_erased_person_are_kept(read_case, switches):
    """Nobody's past is corrected by removing the person: the hours stay until somebody decides."""
    organisation, daemon = read_case
    organisation.move(switches)
    organisation.erase_somebody()
    daemon.must("sync", *WINDOW)
    assert_hours(daemon, organisation.expected(switches, read_before=organisation.erased))


@pytest.mark.parametrize("switches", [it for it in READING if not it or set(it) & ASK_ENTRIES], ids=named)
def test_an_entry_that_moved_out_of_the_window_is_found_there(read_case, switches):
    """Its date was edited by a day: the window does not show it any more, and it lives. Of the same week,
    it counts as before."""
    organisation, daemon = read_case
    organisation.move(switches)
    moved = organisation.started_on(organisation.removed, "2026-11-18")
    organisation.patch("TimeEntries", moved, belongsToDate="2026-11-17")
    daemon.must("sync", "--since", "2026-11-18", "--until", "2026-11-19")
    assert_hours(daemon, organisation.expected(switches))
