// The one thing that the database cannot report: that it cannot be reached.
//
//   reached ──▶ a pass lost it ──▶ nor did the next one reach it: one message to the webhook
//      ▲               │                                 │
//      └───────────────┴──────── a pass reached it ──────┘
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "configuration/configuration.hpp"

namespace timesheetd
{

// The message. `reached_at`: when the database was last reached, in the office's time; "" if it has
// not been by this process. `seen_for`: since the first pass without it.
std::string database_outage_text(const std::string& reached_at, std::chrono::seconds seen_for);

class DatabaseOutage
{
  public:
    using Clock = std::chrono::steady_clock;

    // Without ALERT_WEBHOOK_URL nothing is posted.
    explicit DatabaseOutage(const Configuration& configuration) : configuration_(configuration) {}

    // As soon as a pass of the service has reached it, which says what time it is there; "" if that
    // is not known.
    void note_reached(const std::string& office_time);
    // After a pass without it. What cannot be posted is tried again after the next one.
    void note_unreachable();

  private:
    const Configuration& configuration_;
    std::string reached_at_;
    std::optional<Clock::time_point> since_; // the first of the passes in a row
    bool is_posted_ = false;
};

} // namespace timesheetd
