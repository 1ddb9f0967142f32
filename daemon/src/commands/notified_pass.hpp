// A pass as the command line starts it: what is to be reported is sent at its end.
#pragma once

#include <functional>

#include "configuration/configuration.hpp"

namespace timesheetd
{

// Returns whether it has brought the hours up to the present.
using Pass = std::function<bool()>;

// Does the pass, asks HEARTBEAT_URL if the hours are up to the present, and sends what is due, also
// where the pass failed. Its failure is thrown on, and nothing else is. After a signal, and where
// the database cannot be reached, nothing is sent. Under a time limit some of it is kept for this.
void notified_pass(const Configuration& configuration, const Pass& pass);

} // namespace timesheetd
