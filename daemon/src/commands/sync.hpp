#pragma once

#include "configuration/configuration.hpp"
#include "ingest/mass_deletion.hpp"
#include "jibble/calendar.hpp"

namespace timesheetd
{

// One pass over the window, or under a time limit a part of it. Throws Failure.
void sync(const Configuration& configuration, Window window, MassDeletion mass_deletion);

} // namespace timesheetd
