#include "alerts/notification_ways.hpp"

#include <fmt/format.h>

#include "text/joined.hpp"

namespace timesheetd
{

std::vector<std::string> NotificationWays::reachable_addresses() const
{
    return has_mail_provider ? addresses : std::vector<std::string>{};
}

bool NotificationWays::sends_emails() const
{
    return has_mail_provider && (!addresses.empty() || has_supervisors);
}

bool NotificationWays::has_any() const
{
    return has_webhook || sends_emails();
}

NotificationWays notification_ways(const Configuration& configuration)
{
    NotificationWays ways;
    ways.addresses = configuration.addresses("ALERT_EMAILS");
    ways.has_webhook = !configuration.text("ALERT_WEBHOOK_URL").empty();
    ways.has_mail_provider = !configuration.text("MAIL_PROVIDER").empty();
    ways.has_supervisors = !configuration.text("AIRTABLE_SUPERVISOR_FIELD").empty();
    return ways;
}

std::string to_text(const NotificationWays& ways)
{
    std::string text;
    if (!ways.addresses.empty())
        text = fmt::format("{} address{}", ways.addresses.size(),
                           ways.addresses.size() == 1 ? "" : "es");
    if (ways.has_webhook)
        append_item(text, "a webhook", " and ");
    return text;
}

} // namespace timesheetd
