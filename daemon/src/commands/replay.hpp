#pragma once

#include "configuration/configuration.hpp"

namespace timesheetd
{

// Rebuilds the normalised tables from the raw ones; nothing is asked of Jibble.
void replay(const Configuration& configuration);

} // namespace timesheetd
