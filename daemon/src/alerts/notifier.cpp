#include "alerts/notifier.hpp"

#include <exception>
#include <memory>
#include <optional>

#include "alerts/notification_ways.hpp"
#include "alerts/webhook_sender.hpp"
#include "digest/email_sender.hpp"
#include "postgres/database.hpp"
#include "postgres/migrations.hpp"
#include "postgres/pass_lock.hpp"
#include "postgres/session_pooling.hpp"
#include "postgres/spare_session.hpp"
#include "process/failure.hpp"
#include "process/log.hpp"
#include "process/signals.hpp"

namespace timesheetd
{

namespace
{

// The server takes a moment to notice that a sender died.
constexpr std::chrono::seconds max_lock_wait{3};
constexpr int max_rounds = 2;

TextArray array_of(const std::vector<std::string>& texts)
{
    TextArray array;
    for (const std::string& text : texts)
        array.add(text);
    return array;
}

// Says which ways there are, and queues what is due by them.
void queue_messages(const Configuration& configuration, Database& database,
                    const NotificationWays& ways)
{
    TextArray addresses = array_of(ways.reachable_addresses());
    const std::string& page = configuration.text("MAIL_PAGE_URL");
    long long queued =
        database
            .query("SELECT timesheet.queue_notifications($1::text[], $2::boolean, $3)",
                   {addresses, ways.has_webhook ? "t" : "f", page.empty() ? nullptr : page.c_str()})
            .number(0, 0);
    if (queued > 0)
        log::info("{} messages about alerts queued", queued);
}

// The holder of the digest lock.
class Notifier
{
  public:
    Notifier(const Configuration& configuration, Database& database, PassLock& lock)
        : configuration_(configuration), ways_(notification_ways(configuration)),
          database_(database), lock_(lock)
    {
        if (ways_.has_webhook)
            webhook_.emplace(configuration, database, lock);
    }

    void run()
    {
        for (int round = 1; round <= max_rounds; ++round) {
            if (round > 1)
                database_.query("SELECT timesheet.update_alerts()");
            check_stop();
            queue_messages(configuration_, database_, ways_);
            // First, so that an e-mail provider that is down keeps nothing from it.
            if (webhook_)
                webhook_->send_due();
            if (ways_.sends_emails())
                apart("e-mails", [&] { send_emails(round); });
            if (!has_failed())
                return;
        }
    }

  private:
    void send_emails(int round)
    {
        if (round == 1)
            apart("briefing", [&] { queue_briefings(); });
        if (!emails_) {
            auto emails = std::make_unique<EmailSender>(configuration_, database_, lock_,
                                                        send_notifications_only);
            emails->recover();
            if (int doubtful = emails->report().in_doubt; doubtful > 0)
                log::warn("{} digests or other e-mails of a sender that died are in doubt; see "
                          "timesheet.digests and timesheet.outbox",
                          doubtful);
            emails_ = std::move(emails);
        }
        // What is refused without a reason that is known is a failure of its way, not of the sender.
        emails_->send_due(false, "");
    }

    void queue_briefings()
    {
        check_stop();
        TextArray addresses = array_of(ways_.reachable_addresses());
        long long queued =
            database_.query("SELECT timesheet.queue_briefings($1::text[])", {addresses})
                .number(0, 0);
        if (queued > 0)
            log::info("{} morning briefings queued", queued);
    }

    bool has_failed() const
    {
        return (webhook_ && webhook_->has_failed()) ||
               (emails_ && emails_->report().not_accepted > 0);
    }

    // What fails here keeps nothing else from being sent.
    template <class Work>
    void apart(const char* what, Work work)
    {
        try {
            work();
        } catch (const Stopped&) {
            throw;
        } catch (const std::exception& e) {
            log::error("notifications, {}: {}; the next pass tries again", what, e.what());
        }
    }

    const Configuration& configuration_;
    NotificationWays ways_;
    Database& database_;
    PassLock& lock_;
    std::optional<WebhookSender> webhook_;
    std::unique_ptr<EmailSender> emails_;
};

void warn_once_without_provider(const NotificationWays& ways)
{
    static bool has_warned = false;
    if (!has_warned && !ways.addresses.empty() && !ways.has_mail_provider)
        log::warn("{}", no_mail_provider);
    has_warned = true;
}

// The pass's own, else another; nothing where it cannot be used: what keeps a pass from working has
// been said by it already.
std::unique_ptr<Database> session_for(const std::string& url)
{
    if (std::unique_ptr<Database> session = take_spare_session())
        return session;
    auto session = std::make_unique<Database>(url);
    try {
        require_current_schema(*session);
        check_session_pooling(*session, url);
        return session;
    } catch (const Stopped&) {
        throw;
    } catch (const Failure& e) {
        log::debug("notifications: {}", e.what());
        return nullptr;
    }
}

void notify(const Configuration& configuration)
{
    check_stop();
    const std::string& url = configuration.text("DATABASE_URL");
    std::unique_ptr<Database> database = session_for(url);
    if (!database)
        return;
    database->query("SELECT timesheet.update_alerts()");
    NotificationWays ways = notification_ways(configuration);
    warn_once_without_provider(ways);
    if (!ways.has_any()) { // nothing is sent, so that no other sender needs to be waited for
        queue_messages(configuration, *database, ways);
        return;
    }
    PassLock lock(*database, url, LockOf::digest, max_lock_wait);
    Notifier(configuration, *database, lock).run();
}

} // namespace

void send_notifications(const Configuration& configuration)
{
    try {
        notify(configuration);
    } catch (const TimeIsUp& e) { // the pass has said so where something of it is left
        log::debug("notifications: {}; the next pass sends what is left", e.what());
    } catch (const Stopped&) { // who looks for a stop finds it
    } catch (const LockHeld& e) {
        bool has_any = notification_ways(configuration).has_any();
        log::at(has_any ? log::Level::info : log::Level::debug,
                "notifications: {}; what is due is left to it", e.what());
    } catch (const std::exception& e) {
        log::error("notifications: {}; the next pass tries again", e.what());
    }
}

} // namespace timesheetd
