// timesheetd digest send: the pass that sends what is due.
#pragma once

#include <chrono>
#include <optional>

#include "configuration/configuration.hpp"
#include "jibble/calendar.hpp"

namespace timesheetd
{

// Queues what is due, or only the week that holds the day, and sends what is queued. Throws Failure
// if something could not be sent or is in doubt; LockHeld if another process was sending for longer
// than `max_wait`, by default for as long as any lock is waited for.
void send_digests(const Configuration& configuration, std::optional<Date> week_of,
                  std::chrono::milliseconds max_wait = {});

} // namespace timesheetd
