// How breaks end.
#pragma once

#include "probe/probe_account.hpp"
#include "probe/probe_finding.hpp"

namespace timesheetd
{

Finding probe_activity_after_break(const ProbeAccount& account);
Finding probe_end_break_type(ProbeAccount& account);

} // namespace timesheetd
