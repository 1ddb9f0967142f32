#pragma once

#include "admin/faults.hpp"
#include "api/api.hpp"
#include "api/rate_limit.hpp"

#include <httplib.h>

#include <atomic>

namespace fake
{

// Adds Jibble's paths to the server: the rate limit first, then faults, then the API's answer, then
// the log. `stopping` ends slow answers early. All arguments must outlive the server.
void add_api_routes(httplib::Server& server, Api& api, RateLimit& rate_limit, Faults& faults,
                    RequestLog& log, const std::atomic<bool>& stopping);

} // namespace fake
