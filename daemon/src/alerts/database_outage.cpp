#include "alerts/database_outage.hpp"

#include <fmt/format.h>

#include "alerts/webhook.hpp"
#include "process/log.hpp"

namespace timesheetd
{

namespace
{

std::string duration_text(std::chrono::seconds duration)
{
    auto minutes = std::chrono::duration_cast<std::chrono::minutes>(duration).count();
    if (minutes < 1)
        return "less than a minute";
    return minutes == 1 ? "1 minute" : fmt::format("{} minutes", minutes);
}

} // namespace

// The office's time zone is in the database, so the time is one that it gave.
std::string database_outage_text(const std::string& reached_at, std::chrono::seconds seen_for)
{
    return fmt::format(
        "Problem: The database cannot be reached\n"
        "timesheetd has not reached it since {}: for {} now, in two passes or more. This message "
        "comes once.\n"
        "What it means: Nothing is read from Jibble and nothing is sent until the database answers "
        "again. No hours are lost: the first pass that reaches it reads what is missing.\n"
        "What to do: Check that the PostgreSQL server runs, and that the machine of timesheetd can "
        "reach it; timesheetd check shows what is wrong.",
        reached_at.empty() ? "it started" : reached_at, duration_text(seen_for));
}

void DatabaseOutage::note_reached(const std::string& office_time)
{
    if (!office_time.empty())
        reached_at_ = office_time;
    since_.reset();
    is_posted_ = false;
}

void DatabaseOutage::note_unreachable()
{
    if (!since_) {
        since_ = Clock::now();
        return;
    }
    if (is_posted_ || configuration_.text("ALERT_WEBHOOK_URL").empty())
        return;
    auto seen_for = std::chrono::floor<std::chrono::seconds>(Clock::now() - *since_);
    WebhookAnswer answer =
        Webhook(configuration_).post(database_outage_text(reached_at_, seen_for));
    is_posted_ = answer.was_sent;
    if (answer.was_sent)
        log::info("reported to the webhook that the database cannot be reached");
    else
        log::warn("that the database cannot be reached was not reported to the webhook: {}",
                  answer.error);
}

} // namespace timesheetd
