#pragma once

#include "configuration/configuration.hpp"

namespace timesheetd
{

// Tests each configured piece and prints a line for each, with the remedy where one does not work.
// `sends_test`: it also sends a test message by each way on which trouble is reported. Throws
// Failure at the end if anything did not work.
void check(const Configuration& configuration, bool sends_test);

} // namespace timesheetd
