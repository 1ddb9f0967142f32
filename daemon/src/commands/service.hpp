// timesheetd run: polls the last days, and once a night a longer window.
#pragma once

#include "configuration/configuration.hpp"

namespace timesheetd
{

// Returns once a signal asks to stop; what it interrupts is closed as failed in the run log. A pass
// that fails is logged and tried again at the next one.
void run_service(const Configuration& configuration);

} // namespace timesheetd
