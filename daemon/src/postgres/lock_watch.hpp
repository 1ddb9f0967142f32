// Who holds the lock that a statement waits for, by another connection, as its own is busy waiting.
#pragma once

#include <optional>
#include <string>

namespace timesheetd
{

// "role ann (psql, server process 123)" of each that holds a lock which the server's process
// `waiting` needs; "" if it waits for none; null if that could not be asked within a few seconds.
std::optional<std::string> blockers_of(const std::string& url, const std::string& waiting);

} // namespace timesheetd
