#pragma once

#include "configuration/configuration.hpp"
#include "ingest/mass_deletion.hpp"
#include "jibble/calendar.hpp"

namespace timesheetd
{

// One pass over the window, or under a time limit a part of it. Returns whether it has brought the
// hours up to the present. Throws Failure.
bool sync(const Configuration& configuration, Window window, MassDeletion mass_deletion);

} // namespace timesheetd
