// Asks Jibble: with a token, no faster than allowed, and again where another attempt may go better.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "configuration/configuration.hpp"
#include "http/http_client.hpp"
#include "http/rate_limit.hpp"
#include "http/retrier.hpp"
#include "jibble/access_token.hpp"
#include "jibble/page.hpp"
#include "jibble/resource.hpp"
#include "process/failure.hpp"

namespace timesheetd
{

// An answer that no other attempt will change.
struct RefusedByJibble : RequestFailure {
    using RequestFailure::RequestFailure;
};

class JibbleClient
{
  public:
    explicit JibbleClient(const Configuration& configuration);

    // Up to `top` objects from the one numbered `skip`; of a resource with a key, that object.
    // Throws RefusedByJibble, another Failure once all attempts are used up, or Stopped.
    Page fetch(const Resource& resource, const std::string& select, std::uint64_t skip, long top);

    // Any other query: hands over the answer's body. `take` throws MalformedPage where it makes no
    // sense of it, which is tried again as an answer that was cut.
    void fetch(const Resource& resource, const std::string& query,
               const std::function<void(std::string& body)>& take);

    // Once a 429 came, from then on at least so long between two requests.
    void space_out_after_429(std::chrono::milliseconds spacing) { spacing_after_429_ = spacing; }

    // What was learned since the process began, for readers that come and go.
    const std::shared_ptr<FormMemory>& form_memory() const { return form_memory_; }

  private:
    HttpResponse perform(const HttpRequest& request);
    HttpResponse get(const std::string& url);
    void ensure_token();
    const std::string& base_url(JibbleHost host) const;

    std::string workspace_url_;
    std::string time_tracking_url_;
    std::string time_attendance_url_;
    AccessToken token_;
    HttpClient http_;
    RateLimit rate_limit_;
    std::chrono::milliseconds spacing_after_429_{};
    Retrier retrier_;
    std::shared_ptr<FormMemory> form_memory_ = std::make_shared<FormMemory>();
};

// The query string; `select` may be empty.
std::string page_query(const Resource& resource, const std::string& select, std::uint64_t skip,
                       long top);

} // namespace timesheetd
