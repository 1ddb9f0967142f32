// Whether passes that have no row in the run log work: contacts, digests, audit. By this the
// database raises the alert that one fails again and again.
#pragma once

#include <functional>

#include "postgres/database.hpp"

namespace timesheetd
{

// Does the work and records that it worked, or why not, which is thrown on. A pass that a signal,
// the time limit or another pass ended has not failed, and is not recorded.
void recorded_pass(Database& database, const char* command, const std::function<void()>& work);

} // namespace timesheetd
