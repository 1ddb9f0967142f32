// What is done once a night: a long window is read again, and a week that is over is audited.
#pragma once

#include <functional>
#include <string>

#include "configuration/configuration.hpp"
#include "ingest/ingest_session.hpp"

namespace timesheetd
{

// Reads the last 35 days, recorded in the run log as the nightly read, by which
// timesheet.nightly_resync_is_due() goes. Calls `once_read` when what it read counts, from when the
// audit is due, whatever fails after that. Returns what it did, as a line for the log. Throws
// Failure, ReadUnproven if what it read counts all the same.
std::string read_nightly(IngestSession& session, const std::function<void()>& once_read);

// The audit of the last closed week. Its failure is a warning, as it takes back nothing of what was
// read. Throws Stopped.
void audit_nightly(const Configuration& configuration);

// Both as one pass, for a scheduler outside. Throws Failure if the read failed; the
// audit is made if what it read counts. Under a time limit several calls may be one pass. Returns
// whether this call has brought the hours up to the present.
bool nightly(const Configuration& configuration);

} // namespace timesheetd
