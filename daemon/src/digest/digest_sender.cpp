#include "digest/digest_sender.hpp"

#include "digest/delivery_store.hpp"
#include "digest/email_sender.hpp"
#include "postgres/database.hpp"
#include "postgres/migrations.hpp"
#include "postgres/pass_lock.hpp"
#include "postgres/pass_record.hpp"
#include "postgres/session_pooling.hpp"
#include "process/log.hpp"
#include "process/signals.hpp"
#include "text/joined.hpp"

namespace timesheetd
{

namespace
{

// The holder of the digest lock, from what is due to what became of it.
class DigestSender
{
  public:
    DigestSender(const Configuration& configuration, Database& database, PassLock& lock)
        : configuration_(configuration), store_(database),
          emails_(configuration, database, lock, send_others)
    {
    }

    // Throws Failure where the provider refuses every e-mail.
    void pass(std::optional<Date> week_of)
    {
        emails_.recover();
        try {
            queue_portal_links();
            QueuedDigests digests = store_.queue(week_of);
            not_made_ = digests.not_made;
            if (digests.queued > 0)
                log::info("{} digests queued", digests.queued);
            emails_.send_due(is_portal_open_, why_closed());
        } catch (const TimeIsUp& e) { // what is queued is sent by the next call
            cut_because_ = e.what();
        }
        if (const std::string& why = emails_.report().sender_failure; !why.empty())
            throw Failure(why);
        emails_.report_returned();
    }

    void log_report()
    {
        const SendingReport& report = emails_.report();
        log::info("{}: {} sent, {} failed, {} in doubt", report.emails(), report.sent,
                  report.failed, report.in_doubt);
        store_.log_queue();
        if (!cut_because_.empty())
            log::info("{}: {}; the next call sends what is left in the queue", report.emails(),
                      cut_because_);
    }

    // "" if there is none.
    std::string problems() const
    {
        const SendingReport& report = emails_.report();
        std::string problems;
        if (not_made_ > 0)
            append_item(problems,
                        fmt::format("{} digests could not be made; a warning above says why "
                                    "of each, and the next pass tries again",
                                    not_made_));
        if (report.returned > 0)
            append_item(problems, emails_.returned_text());
        if (report.failed + report.in_doubt > 0)
            append_item(problems,
                        fmt::format("{} {} failed and {} are in doubt; see "
                                    "timesheet.digests{}, and resolve those in doubt with "
                                    "timesheet.resolve_delivery()",
                                    report.failed, report.emails(), report.in_doubt,
                                    report.has_others ? " and timesheet.outbox" : ""));
        return problems;
    }

  private:
    void queue_portal_links()
    {
        check_stop();
        bool is_served = !configuration_.text("PORTAL_URL").empty();
        QueuedPortalLinks links = store_.queue_portal_links(is_served);
        is_portal_open_ = links.is_open;
        if (links.queued > 0)
            log::info("{} links to the portal queued", links.queued);
        if (links.refused > 0)
            log::warn("{} requests for a link to the portal were refused: {}", links.refused,
                      why_closed());
    }

    const char* why_closed() const
    {
        return configuration_.text("PORTAL_URL").empty()
                   ? "PORTAL_URL and PORTAL_SECRET are not set"
                   : "the portal is closed, as settings.portal_link_days is 0";
    }

    const Configuration& configuration_;
    DeliveryStore store_;
    EmailSender emails_;
    bool is_portal_open_ = false;
    long long not_made_ = 0;
    std::string cut_because_; // "" if it was not
};

} // namespace

void send_digests(const Configuration& configuration, std::optional<Date> week_of,
                  std::chrono::milliseconds max_wait)
{
    Database database(configuration.text("DATABASE_URL"));
    require_current_schema(database);
    check_session_pooling(database, configuration.text("DATABASE_URL"));
    PassLock lock(database, configuration.text("DATABASE_URL"), LockOf::digest, max_wait);
    std::string problems; // of single digests, about which there are alerts of their own
    recorded_pass(database, "digests", [&] {
        DigestSender sender(configuration, database, lock);
        sender.pass(week_of);
        sender.log_report();
        problems = sender.problems();
    });
    if (!problems.empty())
        throw Failure(problems);
}

} // namespace timesheetd
