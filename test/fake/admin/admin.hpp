#pragma once

#include "admin/faults.hpp"
#include "admin/insertions.hpp"
#include "admin/request_log.hpp"
#include "api/store.hpp"
#include "api/timesheets_summary.hpp"
#include "api/tokens.hpp"

#include <httplib.h>

namespace fake
{

// What the tests' own endpoints under /_fake read and change.
struct AdminTargets {
    const Organisation& organisation;
    const Truth& truth;
    Store& store;
    TimesheetsSummary& summary;
    Tokens& tokens;
    Faults& faults;
    Insertions& insertions;
    RequestLog& log;
    // Read and changed under the store's mutex.
    Personality& personality;
};

// Adds the /_fake routes; `targets` must outlive the server. Bad input gets a 400 that says why.
void add_admin_routes(httplib::Server& server, AdminTargets& targets);

} // namespace fake
