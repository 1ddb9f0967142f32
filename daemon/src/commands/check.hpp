#pragma once

#include "configuration/configuration.hpp"

namespace timesheetd
{

// Tests each configured piece and prints a line for each, with the remedy where one does not work.
// Throws Failure at the end if any did not.
void check(const Configuration& configuration);

} // namespace timesheetd
