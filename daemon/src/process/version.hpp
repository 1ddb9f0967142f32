#pragma once

namespace timesheetd
{

// As META.json says; "0.0.0" where that was missing when this was built.
extern const char* const version;

} // namespace timesheetd
