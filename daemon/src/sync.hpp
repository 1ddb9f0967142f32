#pragma once

#include "calendar.hpp"
#include "configuration.hpp"
#include "mass_deletion.hpp"

namespace timesheetd
{

// One pass over the window. Throws Failure.
void sync(const Configuration& configuration, Window window, MassDeletion mass_deletion);

} // namespace timesheetd
