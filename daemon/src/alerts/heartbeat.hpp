// The dead man's switch: a service elsewhere is asked after each read that worked, and
// raises the alarm where that stops.
#pragma once

#include "configuration/configuration.hpp"
#include "jibble/calendar.hpp"

namespace timesheetd
{

// Whether a read of this window brings the hours up to the present, as timesheet.feed_health sees
// it: today (UTC) is among its days.
bool reaches_present(Window window);

// Asks HEARTBEAT_URL, if it is set. What goes wrong is a warning, which does not show the address.
void send_heartbeat(const Configuration& configuration);

} // namespace timesheetd
