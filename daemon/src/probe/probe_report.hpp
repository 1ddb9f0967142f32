// What `probe` prints.
#pragma once

#include <string>

#include "probe/probe_finding.hpp"

namespace timesheetd
{

// An array of objects, one a finding, in their order.
std::string findings_as_json(const Findings& findings);
// For people: a paragraph a finding, and a verdict in the last line. `why_no_hours` says which of
// the lists that hours are made of cannot be read; "" if all can.
std::string findings_as_text(const Findings& findings, int requests, bool was_answered,
                             const std::string& why_no_hours);
// The ids of those that affect hours, do not hold and have no second way, with commas; "" if none.
std::string without_exact_way(const Findings& findings);

} // namespace timesheetd
