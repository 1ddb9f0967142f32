#include "commands/service.hpp"

#include <exception>
#include <functional>
#include <optional>

#include "alerts/database_outage.hpp"
#include "alerts/heartbeat.hpp"
#include "commands/contacts.hpp"
#include "commands/nightly.hpp"
#include "commands/notified_pass.hpp"
#include "digest/digest_sender.hpp"
#include "ingest/ingest.hpp"
#include "ingest/ingest_session.hpp"
#include "process/log.hpp"
#include "process/signals.hpp"
#include "process/systemd_notify.hpp"

namespace timesheetd
{

namespace
{

// Polling does not wait for another sender's e-mails; but the server takes a moment to notice that
// one died.
constexpr std::chrono::seconds max_digest_wait{3};
// A nightly read that proves nothing new would do so in each pass, 35 days at a time.
constexpr std::chrono::hours after_unproven_nightly{1};

class Service
{
  public:
    Service(const Configuration& configuration, DatabaseOutage& outage)
        : configuration_(configuration), outage_(outage), jibble_(configuration)
    {
    }

    void pass()
    {
        // Contacts and e-mails need no Jibble; what is due is sent also while it fails.
        std::exception_ptr failure;
        is_live_ = false;
        try {
            ingest_pass();
        } catch (const Stopped&) {
            throw;
        } catch (const std::exception&) {
            failure = std::current_exception();
        }
        if (is_live_) // the lock is released: no other pass waits for the answer
            send_heartbeat(configuration_);
        if (!configuration_.text("AIRTABLE_TOKEN").empty() && is_hour_over())
            apart("contacts", [&] {
                contacts(configuration_);
                contacts_at_ = std::chrono::steady_clock::now();
            });
        if (!configuration_.text("MAIL_PROVIDER").empty())
            apart("digests", [&] { send_due_digests(); });
        if (is_audit_due_) { // last, as it may take long and nothing waits for it
            is_audit_due_ = false;
            audit_nightly(configuration_);
        }
        if (failure)
            std::rethrow_exception(failure);
    }

  private:
    void ingest_pass()
    {
        // A connection for each pass: it notices a restarted server, and leaves the lock to
        // others between two passes.
        IngestSession session(configuration_, jibble_);
        outage_.note_reached(
            session.database().query("SELECT timesheet.office_time_text(now())").text(0, 0));
        Window window = last_days(configuration_.integer("SYNC_LOOKBACK_DAYS"));
        std::exception_ptr unproven; // a failure that keeps nothing else from being done
        try {
            RunReport report = ingest(session, "sync", window);
            refresh_reports(session.database());
            is_live_ = true;
            announce(fmt::format("sync of {} finished: {}", to_text(window), to_text(report)));
        } catch (const ReadUnproven&) {
            unproven = std::current_exception();
        }
        if (is_nightly_due(session))
            nightly_pass(session);
        if (unproven)
            std::rethrow_exception(unproven);
    }

    bool is_nightly_due(IngestSession& session) const
    {
        return std::chrono::steady_clock::now() >= nightly_not_before_ &&
               session.database().query("SELECT timesheet.nightly_resync_is_due()").boolean(0, 0);
    }

    void nightly_pass(IngestSession& session)
    {
        try {
            announce(read_nightly(session, [this] { is_audit_due_ = true; }));
            is_live_ = true;
        } catch (const ReadUnproven& e) {
            log::error("nightly: {}; it is tried again in an hour", e.what());
            nightly_not_before_ = std::chrono::steady_clock::now() + after_unproven_nightly;
        }
    }

    void send_due_digests()
    {
        try {
            send_digests(configuration_, std::nullopt, max_digest_wait);
        } catch (const LockHeld& e) {
            log::info("{}; what is due is left to it", e.what());
        }
    }

    bool is_hour_over() const
    {
        return !contacts_at_ ||
               std::chrono::steady_clock::now() >= *contacts_at_ + std::chrono::hours(1);
    }

    // What fails here must not look as if the feed had failed, nor keep the rest from being done.
    void apart(const char* what, const std::function<void()>& work)
    {
        try {
            work();
        } catch (const Stopped&) {
            throw;
        } catch (const std::exception& e) {
            log::error("{}: {}; the next pass tries again", what, e.what());
        }
    }

    void announce(const std::string& text)
    {
        log::info("{}", text);
        notify_status(text);
    }

    const Configuration& configuration_;
    DatabaseOutage& outage_;
    std::optional<std::chrono::steady_clock::time_point> contacts_at_;
    std::chrono::steady_clock::time_point nightly_not_before_{};
    bool is_audit_due_ = false;
    bool is_live_ = false; // this pass has brought the hours up to the present
    JibbleClient jibble_;  // keeps its token and its connections from pass to pass
};

// One pass, and what follows from how it ended.
void do_pass(const Configuration& configuration, Service& service, DatabaseOutage& outage)
{
    try {
        notified_pass(configuration, [&] {
            service.pass();
            return false; // it has sent its heartbeat
        });
    } catch (const Stopped&) {
        throw;
    } catch (const DatabaseError& e) {
        log::error("{}; the next pass tries again", e.what());
        notify_status(e.what());
        e.is_unreachable() ? outage.note_unreachable() : outage.note_reached("");
    } catch (const std::exception& e) { // after the database was reached
        log::error("{}; the next pass tries again", e.what());
        notify_status(e.what());
        outage.note_reached("");
    }
}

} // namespace

void run_service(const Configuration& configuration)
{
    std::chrono::seconds interval(configuration.integer("SYNC_INTERVAL"));
    DatabaseOutage outage(configuration);
    Service service(configuration, outage);
    log::info("polling every {} s", interval.count());
    notify_ready();
    try {
        for (;;) {
            auto next = std::chrono::steady_clock::now() + interval;
            do_pass(configuration, service, outage);
            sleep_unless_stopped(std::chrono::ceil<std::chrono::milliseconds>(
                next - std::chrono::steady_clock::now()));
        }
    } catch (const Stopped& e) {
        notify_stopping();
        log::info("{}", e.what());
    }
}

} // namespace timesheetd
