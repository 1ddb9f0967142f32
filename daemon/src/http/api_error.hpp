// What an answer of a service says when it is not the wanted one.
#pragma once

#include <string>

#include "http/http_client.hpp"

namespace timesheetd
{

struct ApiError {
    std::string code; // what programs go by; "" if there is none
    std::string text; // for people: "402 (feature_restricted_subscription: not in your plan)"
};

// Quotes code and message, shortened and on one line, and nothing else of the body: what Jibble
// calls innererror is a stack dump. The shapes that are known:
//   {"error": {"code" or "type": …, "message": …}}, {"error": "CODE"}     Jibble, Airtable
//   {"errors": [{"error": …, "message": …}]}                              Airtable, when in haste
//   {"name": …, "message": …}, {"message": …}                             Resend; Loops, Mailgun
//   {"path": …, "message": …}, the same within "error"                    Loops
ApiError parse_api_error(const HttpResponse& answer);

// Whether another attempt may go better: 408, 429, 5xx.
bool is_transient_status(long status);

} // namespace timesheetd
