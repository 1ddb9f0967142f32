// What `probe` prints.
#pragma once

#include <string>

#include "probe/probe_finding.hpp"

namespace timesheetd
{

// What cannot be read of the lists that the daemon reads, in words; "" if all of it can.
struct UnreadLists {
    std::string no_hours;     // hours are made of these
    std::string no_zone;      // the organisation's
    std::string undetermined; // for want of requests
};

// An array of objects, one a finding, in their order.
std::string findings_as_json(const Findings& findings);
// For people: a paragraph a finding, and a verdict in the last line.
std::string findings_as_text(const Findings& findings, int requests, bool was_answered,
                             const UnreadLists& unread);
// The ids of those that affect hours, do not hold and have no second way, with commas; "" if none.
std::string without_exact_way(const Findings& findings);

} // namespace timesheetd
