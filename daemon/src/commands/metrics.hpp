#pragma once

#include "configuration/configuration.hpp"

namespace timesheetd
{

// Prints timesheet.metrics as OpenMetrics text, for a scraper.
void metrics(const Configuration& configuration);

} // namespace timesheetd
