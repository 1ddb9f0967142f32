// A pass under a time limit (--time-limit): it ends in order before that, and the next call of the
// same command goes on where it ended.
//
//   the whole window, if it fits ──▶ one run, as without a limit
//   else slices, each a run ──▶ cut ──▶ the next call begins with the slice that was cut, and
//                                       where it read no slice at all, with one half as long
#pragma once

#include <functional>
#include <string>

#include "ingest/ingest.hpp"

namespace timesheetd
{

struct LimitedPass {
    const char* command;       // in the run log, of a run that reads the whole window
    const char* slice_command; // of one that reads a part
    Window window;
    long longest_slice; // in days
    // Whether the next call does what is to be done once all days are read, if this one has no time
    // for it. Else any later pass does.
    bool goes_on_after_reading = false;
    IngestOptions options = {};
    // Called once all days are read, before the pass is recorded as complete and before what
    // follows, which may fail.
    std::function<void()> once_read = {};
};

// Reads what is left of the window, and says in the log what it did and what is left. Returns
// whether nothing is. Throws ReadUnproven once all is read, if something could not be proven
// deleted; Failure where the limit is too short for the next call to come further.
bool read_within_limit(IngestSession& session, const LimitedPass& pass);

} // namespace timesheetd
