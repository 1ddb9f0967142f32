#include "digest/digest_sender.hpp"

#include <algorithm>
#include <map>
#include <random>

#include "digest/delivery_state.hpp"
#include "digest/delivery_store.hpp"
#include "digest/mail_provider.hpp"
#include "digest/outgoing_mail.hpp"
#include "digest/refusal_table.hpp"
#include "digest/unexplained_refusals.hpp"
#include "http/rate_limit.hpp"
#include "http/retry_policy.hpp"
#include "postgres/database.hpp"
#include "postgres/migrations.hpp"
#include "postgres/pass_lock.hpp"
#include "postgres/session_pooling.hpp"
#include "process/log.hpp"
#include "process/scrubber.hpp"
#include "process/signals.hpp"
#include "process/time_limit.hpp"
#include "text/joined.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr double mails_per_second = 2; // the least that a provider allows
constexpr int attempts_per_pass = 5;
constexpr std::chrono::seconds max_pause{60}; // within a pass; what has to wait longer is left
constexpr std::size_t max_error = 500;

struct PassReport {
    int sent = 0;
    int failed = 0;
    int in_doubt = 0;
    long long not_made = 0;
    int returned = 0; // refused, without a reason that is known, and none was accepted
    std::string last_refusal;
    std::string cut_because = ""; // "" if it was not
    bool has_others = false;      // than digests, among those that were tried

    const char* emails() const { return has_others ? "e-mails" : "digests"; }
};

std::string returned_text(const PassReport& report)
{
    return fmt::format(
        "{} {} were refused and none was accepted, so all stay queued; the last "
        "answer: {}; check MAIL_FROM, MAIL_REPLY_TO and the account at the provider, "
        "or correct the addresses",
        report.returned, report.emails(), report.last_refusal);
}

std::string named(const Delivery& delivery)
{
    return delivery.kind + " " + delivery.id;
}

// The remedies are written for digests; another e-mail is asked for again by who wanted it.
std::string with_remedy_for(const Delivery& delivery, std::string error)
{
    std::size_t at = delivery.is_digest() ? std::string::npos : error.find(send_again);
    if (at != std::string::npos)
        error.replace(at, std::string(send_again).size(), "correct that and ask for it again");
    return error;
}

// The holder of the digest lock, from what is due to what the provider answers: digests, and the
// other e-mails of the outbox.
class DigestSender
{
  public:
    DigestSender(const Configuration& configuration, Database& database, PassLock& lock)
        : configuration_(configuration), store_(database), lock_(lock),
          provider_(mail_provider(configuration)), rate_limit_(mails_per_second)
    {
    }

    PassReport pass(std::optional<Date> week_of)
    {
        report_.in_doubt += store_.recover(provider_->name(), provider_->idempotency_window());
        try {
            queue_portal_links();
            QueuedDigests digests = store_.queue(week_of);
            report_.not_made = digests.not_made;
            if (digests.queued > 0)
                log::info("{} digests queued", digests.queued);
            while (wait_for_one())
                send_one();
        } catch (const TimeIsUp& e) { // what is queued is sent by the next call
            report_.cut_because = e.what();
        }
        report_returned();
        return report_;
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

    // Whether a delivery is due, now or after a pause that is worth it.
    bool wait_for_one()
    {
        if (is_over_)
            return false;
        std::optional<std::chrono::milliseconds> wait =
            store_.until_next_attempt(refusals_.waiting());
        if (!wait || *wait > max_pause)
            return false;
        sleep_unless_stopped(*wait);
        return true;
    }

    void send_one()
    {
        check_stop();
        std::optional<Delivery> delivery = store_.next(refusals_.waiting());
        if (!delivery)
            return;
        report_.has_others = report_.has_others || !delivery->is_digest();
        if (delivery->is_portal_link() && !is_portal_open_) {
            store_.fail(*delivery, provider_->name(), why_closed());
            log::warn("{} to {} is not sent: {}", named(*delivery), delivery->recipient,
                      why_closed());
            return;
        }
        OutgoingMail outgoing = outgoing_mail(configuration_, *delivery, is_portal_open_);
        scrubber().hide("portal token", outgoing.portal_token); // a provider may echo it
        HttpRequest request = provider_->request(outgoing.mail);

        sleep_unless_stopped(std::chrono::ceil<std::chrono::milliseconds>(
            rate_limit_.reserve(RateLimit::Clock::now())));
        lock_.require_held();
        // What is begun is finished: not begun where the slowest so far would not fit.
        check_stop();
        require_time(std::max(longest_attempt_, time_to_close()));
        auto began = RateLimit::Clock::now();
        if (store_.begin_attempt(*delivery, provider_->name(), outgoing.stored,
                                 outgoing.portal_token))
            record(*delivery, ask(request));
        longest_attempt_ = std::max(longest_attempt_, RateLimit::Clock::now() - began);
    }

    MailAnswer ask(const HttpRequest& request)
    {
        try {
            HttpResponse answer = http_.perform(request);
            if (answer.is_rate_limit_exhausted)
                rate_limit_.hold(RateLimit::Clock::now(), std::min<std::chrono::milliseconds>(
                                                              answer.retry_after, max_pause));
            return provider_->read(answer);
        } catch (const NoAnswer& e) {
            return {e.was_sent ? Outcome::indeterminate : Outcome::retry, "",
                    fmt::format("no answer from {}: {}", provider_->name(), e.what())};
        } catch (const Failure& e) {
            return {Outcome::misconfigured, "", e.what()};
        }
    }

    void record(const Delivery& delivery, MailAnswer answer)
    {
        answer.error =
            with_remedy_for(delivery, one_line(scrubber().scrub(answer.error), max_error));
        AttemptEnd end =
            after_attempt(answer, provider_->idempotency_window() > std::chrono::hours(0),
                          max_pause, refusals_.has_accepted());
        if (answer.outcome == Outcome::accepted)
            record_accepted(delivery, answer);
        else if (end.is_counted)
            record_attempt(delivery, answer, end);
        else
            store_.return_to_queue(delivery, answer.error, end.pause_of_all);
        is_over_ = is_over_ || end.ends_pass;
        if (end.pause_of_all.count() > 0)
            store_.postpone_all(end.pause_of_all, end.pause_reason);
        if (answer.outcome == Outcome::misconfigured || answer.outcome == Outcome::quota_exceeded) {
            store_.raise_sender_alert(answer.error);
            throw Failure(answer.error);
        }
        if (answer.outcome == Outcome::unexplained)
            note_unexplained(delivery, answer, end);
    }

    // The sender is in order, so that what was refused before it failed alone. Not where the
    // provider may only have repeated what it answered to an earlier attempt.
    void record_accepted(const Delivery& delivery, const MailAnswer& answer)
    {
        // A service may echo in its id what it was sent.
        std::string id = one_line(scrubber().scrub(answer.id));
        report_.sent += 1;
        if (delivery.is_indeterminate) {
            store_.end_accepted(delivery, id, {});
            log::info("{} sent to {}, perhaps by an earlier attempt", named(delivery),
                      delivery.recipient);
            return;
        }
        AloneFailed alone = store_.end_accepted(delivery, id, refusals_.waiting());
        refusals_.accept();
        report_.failed += alone.failed;
        report_.in_doubt += alone.in_doubt;
        log::info("{} sent to {}", named(delivery), delivery.recipient);
        if (alone.failed + alone.in_doubt > 0)
            log::warn("this one was accepted, so the {} {} refused before it failed alone",
                      alone.failed + alone.in_doubt, report_.emails());
    }

    void record_attempt(const Delivery& delivery, const MailAnswer& answer, const AttemptEnd& end)
    {
        std::string error = answer.error;
        if (end.state == DeliveryState::in_doubt)
            error += "; it may have been accepted, so it is not sent again";
        if (answer.outcome == Outcome::unexplained)
            error += with_remedy_for(delivery, fmt::format("; {}", send_again));
        std::string state =
            store_.end_attempt(delivery, end, error, wait_before_next(delivery, answer, end));
        report_.failed += state == to_text(DeliveryState::failed);
        report_.in_doubt += state == to_text(DeliveryState::in_doubt);
        log::warn("{} to {}: {}: {}", named(delivery), delivery.recipient, state, error);
    }

    void note_unexplained(const Delivery& delivery, const MailAnswer& answer, const AttemptEnd& end)
    {
        refusals_.add(delivery.id, answer.error);
        if (!end.is_counted)
            log::warn("{} to {} was refused: {}", named(delivery), delivery.recipient,
                      answer.error);
        if (!refusals_.are_enough())
            return;
        is_over_ = true;
        log::warn("the last {} e-mails were refused; the rest waits for the next pass",
                  UnexplainedRefusals::max_in_a_row);
    }

    void report_returned()
    {
        report_.returned = static_cast<int>(refusals_.waiting().size());
        report_.last_refusal = refusals_.last_error();
        if (report_.returned > 0)
            store_.raise_sender_alert(returned_text(report_));
    }

    // Before this delivery is tried again, if it is.
    std::chrono::milliseconds wait_before_next(const Delivery& delivery, const MailAnswer& answer,
                                               const AttemptEnd& end)
    {
        if (end.state != DeliveryState::queued)
            return {};
        if (!end.ends_pass)
            rate_limit_.hold(RateLimit::Clock::now(), answer.wait);
        return backoff(delivery, answer.wait);
    }

    // Short a few times; then it is left to later passes.
    std::chrono::milliseconds backoff(const Delivery& delivery, std::chrono::milliseconds asked)
    {
        double random = std::uniform_real_distribution<double>(0, 1)(engine_);
        auto delay = service_retries.delay(delivery.attempts + 2, random, asked);
        if (++attempts_[delivery.id] >= attempts_per_pass)
            delay = std::max<std::chrono::milliseconds>(delay, 2 * max_pause);
        return std::max(delay, asked);
    }

    const Configuration& configuration_;
    DeliveryStore store_;
    PassLock& lock_;
    std::unique_ptr<MailProvider> provider_;
    HttpClient http_;
    RateLimit rate_limit_;
    RateLimit::Clock::duration longest_attempt_{};
    std::minstd_rand engine_{std::random_device{}()};
    std::map<std::string, int> attempts_; // of this pass, by delivery
    bool is_portal_open_ = false;
    bool is_over_ = false; // every other would end as the last one did
    UnexplainedRefusals refusals_;
    PassReport report_;
};

std::string problems_of(const PassReport& report)
{
    std::string problems;
    if (report.not_made > 0)
        append_item(problems, fmt::format("{} digests could not be made; a warning above says why "
                                          "of each, and the next pass tries again",
                                          report.not_made));
    if (report.returned > 0)
        append_item(problems, returned_text(report));
    if (report.failed + report.in_doubt > 0)
        append_item(problems, fmt::format("{} {} failed and {} are in doubt; see "
                                          "timesheet.digests{}, and resolve those in doubt with "
                                          "timesheet.resolve_delivery()",
                                          report.failed, report.emails(), report.in_doubt,
                                          report.has_others ? " and timesheet.outbox" : ""));
    return problems;
}

} // namespace

void send_digests(const Configuration& configuration, std::optional<Date> week_of,
                  std::chrono::milliseconds max_wait)
{
    Database database(configuration.text("DATABASE_URL"));
    require_current_schema(database);
    check_session_pooling(database, configuration.text("DATABASE_URL"));
    PassLock lock(database, configuration.text("DATABASE_URL"), LockOf::digest, max_wait);
    DigestSender sender(configuration, database, lock);
    PassReport report = sender.pass(week_of);
    log::info("{}: {} sent, {} failed, {} in doubt", report.emails(), report.sent, report.failed,
              report.in_doubt);
    DeliveryStore(database).log_queue();
    if (!report.cut_because.empty())
        log::info("{}: {}; the next call sends what is left in the queue", report.emails(),
                  report.cut_because);
    if (std::string problems = problems_of(report); !problems.empty())
        throw Failure(problems);
}

} // namespace timesheetd
