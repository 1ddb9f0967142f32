// One HTTP connection after another by libcurl: TLS verified, no redirects, every wait bounded.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "curl_prelude.hpp"

namespace timesheetd
{

struct HttpRequest {
    std::string url;
    std::string bearer;              // access token; none if empty
    std::optional<std::string> form; // a form-encoded body: the request is a POST
};

struct HttpResponse {
    long status = 0;
    std::string body;
    // How long the server asks to wait before the same request, by Retry-After or else
    // X-Rate-Limit-Reset; 0 if it does not.
    std::chrono::milliseconds asked_wait{};
    // X-Rate-Limit-Remaining was 0: no request may go before asked_wait is over.
    bool is_exhausted = false;
};

class HttpClient
{
  public:
    HttpClient();

    // Any status is an answer. Throws TransientFailure where none came, Failure where trying again
    // is of no use, Stopped when a signal came meanwhile.
    HttpResponse perform(const HttpRequest& request);

  private:
    CurlHandle handle_; // kept: it holds the connections
};

// As a form or a query needs it.
std::string percent_encoded(const std::string& text);

} // namespace timesheetd
