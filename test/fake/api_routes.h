#pragma once

#include "api.h"
#include "faults.h"

#include <httplib.h>

#include <atomic>

namespace fake
{

/// Adds Jibble's paths to the server: faults first, then the API's answer, then the log.
/// `stopping` ends slow answers early. All arguments must outlive the server.
void add_api_routes(httplib::Server& server, Api& api, Faults& faults, RequestLog& log,
                    const std::atomic<bool>& stopping);

} // namespace fake
