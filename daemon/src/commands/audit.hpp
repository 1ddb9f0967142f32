#pragma once

#include "configuration/configuration.hpp"
#include "jibble/calendar.hpp"

namespace timesheetd
{

// Compares our work hours with Jibble's own, per agent and day; stores and prints where they do not
// agree, with the sessions behind our figure. Throws Failure if no person could be compared.
void audit(const Configuration& configuration, Window window);

// The same for the last week that is over (settings.default_time_zone, settings.week_starts_on),
// each time again, as entries are edited later; the log says what was found.
void audit_last_closed_week(const Configuration& configuration);

} // namespace timesheetd
