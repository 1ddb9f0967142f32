// By which ways trouble is reported, as the configuration says.
#pragma once

#include <string>
#include <vector>

#include "configuration/configuration.hpp"

namespace timesheetd
{

struct NotificationWays {
    std::vector<std::string> addresses; // of ALERT_EMAILS
    bool has_webhook = false;
    bool has_mail_provider = false; // without it no e-mail can be sent
    bool has_supervisors = false;   // who may get a part of the morning briefing

    // Those that an e-mail can be sent to.
    std::vector<std::string> reachable_addresses() const;
    // Whether there may be anything to send by e-mail.
    bool sends_emails() const;
    // Whether there is anything to send to at all.
    bool has_any() const;
};

NotificationWays notification_ways(const Configuration& configuration);

// "2 addresses and a webhook"; "" where no trouble is reported.
std::string to_text(const NotificationWays& ways);

// What to say where ways are missing.
constexpr const char* no_way =
    "no one is informed when something is wrong: set ALERT_EMAILS, with MAIL_PROVIDER, or "
    "ALERT_WEBHOOK_URL";
constexpr const char* no_mail_provider =
    "ALERT_EMAILS is set, but no e-mail can be sent; set MAIL_PROVIDER, or remove ALERT_EMAILS";

} // namespace timesheetd
