#pragma once

#include "calendar.hpp"
#include "configuration.hpp"

namespace timesheetd
{

// Prints where our work hours differ from Jibble's own timesheets, per agent and day, with the
// sessions behind our figure. Stores nothing.
void audit(const Configuration& configuration, Window window);

} // namespace timesheetd
