#pragma once

#include "calendar.hpp"
#include "configuration.hpp"
#include "ingest.hpp"

namespace timesheetd
{

// One pass over the window. Throws Failure.
void sync(const Configuration& configuration, Window window, Disappearances disappearances);

} // namespace timesheetd
