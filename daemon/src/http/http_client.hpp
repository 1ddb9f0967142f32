// One HTTP connection after another by libcurl: TLS verified, no redirects, every wait bounded.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "http/curl_prelude.hpp"
#include "process/failure.hpp"

namespace timesheetd
{

// How much of an answer is read, and what to say of a larger one.
struct AnswerBound {
    const char* service = "Jibble";
    std::size_t bytes = 64 << 20;
    const char* remedy = "lower JIBBLE_PAGE_SIZE";
};

struct HttpRequest {
    std::string url;
    std::string bearer;                    // access token; none if empty
    std::string basic;                     // user:password; none if empty
    std::optional<std::string> form;       // a form-encoded body: the request is a POST
    std::optional<std::string> json;       // a JSON body: the request is a POST
    std::vector<std::string> headers = {}; // further ones, "Name: value"
    // What must not happen twice: sent on a connection of its own, so that libcurl does not repeat
    // it, and once begun not interrupted by a signal.
    bool is_non_idempotent = false;
    // On a connection of its own as well, where it must be one request that is counted, no more.
    bool is_counted = false;
    AnswerBound bound = {};
    std::chrono::milliseconds timeout{}; // for all of it; 0: as long as HttpClient allows
    // The URL is sent exactly as it is, and no error names its host or path.
    bool is_secret_url = false;
};

// No answer came.
struct NoAnswer : TransientFailure {
    NoAnswer(const std::string& text, bool sent) : TransientFailure(text), was_sent(sent) {}

    bool was_sent; // the other side may have the request all the same
};

struct HttpResponse {
    long status = 0;
    std::string body;
    // How long the server asks to wait before the same request, by Retry-After or else
    // X-Rate-Limit-Reset or RateLimit-Reset; 0 if it does not.
    std::chrono::milliseconds retry_after{};
    // X-Rate-Limit-Remaining or RateLimit-Remaining was 0: no request may go before retry_after is
    // over.
    bool is_rate_limit_exhausted = false;
};

class HttpClient
{
  public:
    HttpClient();

    // Any status is an answer. Throws NoAnswer where none came, Failure where trying again
    // is of no use, Stopped when a signal came meanwhile.
    HttpResponse perform(const HttpRequest& request);

  private:
    CurlHandle handle_; // kept: it holds the connections
};

// Throws Failure if a header's line would end early or hold what no header may: its value is not
// shown.
void check_header(const std::string& line);

// As a form or a query needs it.
std::string percent_encoded(const std::string& text);

} // namespace timesheetd
