// What an answer of Jibble's says when it is not the wanted one.
#pragma once

#include <string>

#include "http_client.hpp"

namespace timesheetd
{

struct JibbleError {
    std::string code; // error.code, or error itself where that is a text; "" if there is none
    std::string text; // for people: "402 (feature_restricted_subscription: not in your plan)"
};

// Quotes code and message, shortened and on one line, and nothing else of the body: what Jibble
// calls innererror is a stack dump.
JibbleError jibble_error(const HttpResponse& answer);

// Whether another attempt may go better: 408, 429, 5xx.
bool is_transient_status(long status);

} // namespace timesheetd
