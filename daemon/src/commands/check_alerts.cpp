#include "commands/check_alerts.hpp"

#include <memory>

#include <fmt/format.h>

#include "alerts/notification_ways.hpp"
#include "alerts/test_message.hpp"
#include "alerts/webhook.hpp"
#include "digest/mail_provider.hpp"
#include "http/rate_limit.hpp"
#include "process/failure.hpp"
#include "process/log.hpp"
#include "process/signals.hpp"

namespace timesheetd
{

namespace
{

constexpr const char* send_test = "send-test";
constexpr double emails_per_second = 2;

// Returns how many there are.
int check_failing_ways(Database& database, CheckReport& report)
{
    Rows failing = database.query("SELECT problem FROM timesheet.notification_failures()");
    for (int row = 0; row < failing.count(); ++row)
        report.failure("alerts", failing.text(row, 0));
    Rows warning = database.query("SELECT timesheet.alert_warning()");
    if (!warning.is_null(0, 0))
        report.line("warning", "alerts", warning.text(0, 0));
    return failing.count();
}

void check_heartbeat(const Configuration& configuration, CheckReport& report)
{
    if (configuration.text("HEARTBEAT_URL").empty())
        report.line("-", "heartbeat", "not configured (HEARTBEAT_URL)");
    else
        report.line(
            "ok", "heartbeat",
            "asked after each read that worked; not asked now, as that would look like one");
}

// So that an alert about it ends.
void record_working(Database* database, const std::string& way)
{
    try {
        if (database)
            database->query("SELECT timesheet.record_way($1, true, false, NULL)", {way});
    } catch (const DatabaseError& e) { // the message arrived all the same
        log::warn("{}", e.what());
    }
}

// Throws what came back, if that is not that it was sent.
std::string post_test(const Configuration& configuration, Database* database)
{
    check_stop();
    WebhookAnswer answer = Webhook(configuration).post(test_message_text());
    if (!answer.was_sent)
        throw Failure(answer.error);
    record_working(database, "webhook");
    return "webhook: it accepted the message";
}

std::string mail_test(const MailProvider& provider, const std::string& address, HttpClient& http,
                      Database* database)
{
    check_stop();
    MailAnswer answer;
    try {
        answer = provider.read(http.perform(provider.request(test_mail(address))));
    } catch (const NoAnswer& e) {
        throw Failure(fmt::format("{}: no answer from {}: {}", address, provider.name(), e.what()));
    } catch (const Failure& e) {
        throw Failure(fmt::format("{}: {}", address, e.what()));
    }
    if (answer.outcome != Outcome::accepted)
        throw Failure(fmt::format("{}: {}", address, answer.error));
    record_working(database, "email " + address);
    return fmt::format("{}: {} accepted the message", address, provider.name());
}

} // namespace

void check_alerts(const Configuration& configuration, Database* database, CheckReport& report)
{
    NotificationWays ways = notification_ways(configuration);
    try {
        int failing = database ? check_failing_ways(*database, report) : 0;
        if (!ways.addresses.empty() && !ways.has_mail_provider)
            report.failure("alerts", no_mail_provider);
        else if (to_text(ways).empty())
            report.line("-", "alerts", no_way);
        else if (failing == 0)
            report.line("ok", "alerts", to_text(ways) + " configured");
    } catch (const Stopped&) {
        throw;
    } catch (const std::exception& e) {
        report.failure("alerts", e.what());
    }
    check_heartbeat(configuration, report);
}

void send_test_messages(const Configuration& configuration, Database* database, CheckReport& report)
{
    NotificationWays ways = notification_ways(configuration);
    if (ways.has_webhook)
        report.piece(send_test, [&] { return post_test(configuration, database); });
    if (to_text(ways).empty())
        report.failure(send_test, no_way);
    std::unique_ptr<MailProvider> provider;
    HttpClient http;
    RateLimit rate_limit(emails_per_second);
    for (const std::string& address : ways.addresses)
        report.piece(send_test, [&] {
            if (!ways.has_mail_provider)
                throw Failure(fmt::format("{}: {}", address, no_mail_provider));
            if (!provider)
                provider = mail_provider(configuration);
            sleep_unless_stopped(std::chrono::ceil<std::chrono::milliseconds>(
                rate_limit.reserve(RateLimit::Clock::now())));
            return mail_test(*provider, address, http, database);
        });
}

} // namespace timesheetd
