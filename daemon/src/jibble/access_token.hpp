// Jibble's access token: fetched when one is needed, kept while it is valid.
#pragma once

#include <chrono>
#include <string>

#include "http/http_client.hpp"

namespace timesheetd
{

class AccessToken
{
  public:
    using Clock = std::chrono::steady_clock;

    AccessToken(std::string identity_url, std::string client_id, std::string client_secret);

    bool is_valid(Clock::time_point now) const { return !token_.empty() && now < valid_until_; }
    const std::string& text() const { return token_; }
    // Jibble no longer takes it.
    void forget() { token_.clear(); }

    HttpRequest request() const;
    // Takes the answer to request(). Throws TransientFailure or Failure.
    void accept(const HttpResponse& answer, Clock::time_point now);

  private:
    std::string identity_url_;
    std::string client_id_;
    std::string client_secret_;
    std::string token_;
    Clock::time_point valid_until_{};
};

} // namespace timesheetd
