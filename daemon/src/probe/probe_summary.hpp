// How Jibble adds up days itself. Our hours do not come from it; the audit compares them with it.
#pragma once

#include "probe/probe_account.hpp"
#include "probe/probe_finding.hpp"

namespace timesheetd
{

// summary_midnight, summary_envelope, tracked_hour_entries and person_ids_repeated, in this order.
Findings probe_summaries(ProbeAccount& account);

} // namespace timesheetd
