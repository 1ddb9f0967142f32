#pragma once

#include "calendar.hpp"
#include "configuration.hpp"

namespace timesheetd
{

// One pass over the window. Throws Failure.
void sync(const Configuration& configuration, Window window);

} // namespace timesheetd
