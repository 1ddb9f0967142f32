#pragma once

#include <string>

namespace timesheetd
{

// "18,432"
std::string thousands(long long number);

} // namespace timesheetd
