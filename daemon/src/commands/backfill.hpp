#pragma once

#include <vector>

#include "configuration/configuration.hpp"
#include "jibble/calendar.hpp"

namespace timesheetd
{

// History, oldest first, in slices that are runs of their own. Throws Failure saying from which day
// to go on. Under a time limit it goes on where the last call ended.
void backfill(const Configuration& configuration, Window window);

// The window in slices of 28 days; the last one may be shorter.
std::vector<Window> backfill_slices(Window window);

} // namespace timesheetd
