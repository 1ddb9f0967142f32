// The webhook that hears of trouble: how a text is put for Slack, for Teams and for anything else,
// and what an answer means.
#pragma once

#include <chrono>
#include <string>

#include "configuration/configuration.hpp"
#include "http/http_client.hpp"

namespace timesheetd
{

enum class WebhookForm { slack, teams, generic };

// By the URL's host alone, as timesheet.webhook_form() decides it for pg_net.
WebhookForm webhook_form(const std::string& url);

// The JSON to post, as timesheet.webhook_json() makes it for pg_net.
std::string webhook_json(WebhookForm form, const std::string& text);

struct WebhookAnswer {
    bool was_sent = false;
    bool is_refused = false;          // another attempt will not go better
    std::string error;                // one line, without the URL; "" if it was sent
    std::chrono::milliseconds wait{}; // that the other side asks for
};

// Accepted is 2xx and nothing else: no redirect is followed.
WebhookAnswer read_webhook_answer(const HttpResponse& answer);

class Webhook
{
  public:
    // Of ALERT_WEBHOOK_URL, which must be set.
    explicit Webhook(const Configuration& configuration);

    // One attempt, of 10 s or what is left of the time limit. A signal does not interrupt it.
    WebhookAnswer post(const std::string& text);

  private:
    std::string url_;
    HttpClient http_;
};

} // namespace timesheetd
