#include "digest/digest_sender.hpp"

#include <algorithm>
#include <map>
#include <random>

#include <spdlog/spdlog.h>

#include "digest/delivery_state.hpp"
#include "digest/delivery_store.hpp"
#include "digest/digest_links.hpp"
#include "digest/digest_template.hpp"
#include "digest/mail_provider.hpp"
#include "http/rate_limit.hpp"
#include "http/retry_policy.hpp"
#include "postgres/database.hpp"
#include "postgres/migrations.hpp"
#include "postgres/pass_lock.hpp"
#include "postgres/session_pooling.hpp"
#include "process/scrubber.hpp"
#include "process/signals.hpp"
#include "text/joined.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr double mails_per_second = 2; // the least that a provider allows
constexpr int attempts_per_pass = 5;
constexpr std::chrono::seconds max_pause{60}; // within a pass; what has to wait longer is left
constexpr int max_same_refusals = 3;          // in a row: the e-mails are hardly the reason
constexpr std::size_t max_error = 500;

struct PassReport {
    int sent = 0;
    int failed = 0;
    int in_doubt = 0;
    long long not_made = 0;
};

// How many e-mails in a row were refused for the same reason.
class SameRefusals
{
  public:
    void add(const MailAnswer& answer)
    {
        bool is_refusal = answer.outcome == Outcome::refused;
        bool is_same = is_refusal && answer.error == last_;
        count_ = !is_refusal ? 0 : is_same ? count_ + 1 : 1;
        last_ = is_refusal ? answer.error : "";
    }
    int count() const { return count_; }

  private:
    std::string last_;
    int count_ = 0;
};

// The holder of the digest lock, from what is due to what the provider answers.
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
        QueuedDigests digests = store_.queue(week_of);
        report_.not_made = digests.not_made;
        if (digests.queued > 0)
            spdlog::info("{} digests queued", digests.queued);
        while (wait_for_one())
            send_one();
        return report_;
    }

  private:
    // Whether a delivery is due, now or after a pause that is worth it.
    bool wait_for_one()
    {
        if (is_over_)
            return false;
        std::optional<std::chrono::milliseconds> wait = store_.until_next_attempt();
        if (!wait || *wait > max_pause)
            return false;
        sleep_unless_stopped(*wait);
        return true;
    }

    void send_one()
    {
        check_stop();
        std::optional<Delivery> delivery = store_.next();
        if (!delivery)
            return;
        DigestLinks links = digest_links(configuration_, delivery->unsubscribe_token);
        RenderedDigest rendered =
            delivery->rendered ? *delivery->rendered : render_digest(delivery->content, links);
        HttpRequest request = provider_->request(mail_of(*delivery, rendered, links));

        sleep_unless_stopped(std::chrono::ceil<std::chrono::milliseconds>(
            rate_limit_.reserve(RateLimit::Clock::now())));
        lock_.require_held();
        if (store_.begin_attempt(*delivery, provider_->name(), rendered))
            record(*delivery, ask(request));
    }

    static Mail mail_of(const Delivery& delivery, const RenderedDigest& rendered,
                        const DigestLinks& links)
    {
        Mail mail;
        mail.to = delivery.email;
        mail.subject = json_text(delivery.content, "subject");
        mail.html = rendered.html;
        mail.text = rendered.text;
        mail.key = delivery.idempotency_key;
        mail.unsubscribe = links.unsubscribe;
        mail.content = delivery.content;
        return mail;
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
        answer.error = one_line(scrubber().scrub(answer.error), max_error);
        AttemptEnd end = after_attempt(
            answer, provider_->idempotency_window() > std::chrono::hours(0), max_pause);
        std::string error = answer.error;
        if (end.state == DeliveryState::in_doubt)
            error += "; it may have been accepted, so it is not sent again";
        // A service may echo in its id what it was sent.
        std::string state = store_.end_attempt(delivery, end, one_line(scrubber().scrub(answer.id)),
                                               error, wait_before_next(delivery, answer, end));
        count(state);
        log(delivery, answer, state, error);
        is_over_ = is_over_ || end.ends_pass;
        if (end.pause_of_all.count() > 0)
            store_.postpone_all(end.pause_of_all, end.pause_reason);
        if (answer.outcome == Outcome::misconfigured || answer.outcome == Outcome::quota_exceeded)
            throw Failure(error);
        stop_after_same_refusals(answer);
    }

    // Before this delivery is tried again, if it is.
    std::chrono::milliseconds wait_before_next(const Delivery& delivery, const MailAnswer& answer,
                                               const AttemptEnd& end)
    {
        if (end.state != DeliveryState::queued || answer.outcome == Outcome::misconfigured)
            return {};
        if (answer.outcome == Outcome::quota_exceeded)
            return end.pause_of_all;
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

    void count(const std::string& state)
    {
        report_.sent += state == to_text(DeliveryState::sent);
        report_.failed += state == to_text(DeliveryState::failed);
        report_.in_doubt += state == to_text(DeliveryState::in_doubt);
    }

    // A misconfiguration or an exceeded quota is logged as the pass's failure.
    static void log(const Delivery& delivery, const MailAnswer& answer, const std::string& state,
                    const std::string& error)
    {
        if (answer.outcome == Outcome::accepted)
            spdlog::info("digest {} sent to {}", delivery.id, delivery.email);
        else if (answer.outcome != Outcome::misconfigured &&
                 answer.outcome != Outcome::quota_exceeded)
            spdlog::warn("digest {} to {}: {}: {}", delivery.id, delivery.email, state, error);
    }

    void stop_after_same_refusals(const MailAnswer& answer)
    {
        same_refusals_.add(answer);
        if (same_refusals_.count() < max_same_refusals || is_over_)
            return;
        is_over_ = true;
        spdlog::warn("{} e-mails in a row were refused for the same reason; the rest waits for "
                     "the next pass",
                     same_refusals_.count());
    }

    const Configuration& configuration_;
    DeliveryStore store_;
    PassLock& lock_;
    std::unique_ptr<MailProvider> provider_;
    HttpClient http_;
    RateLimit rate_limit_;
    std::minstd_rand engine_{std::random_device{}()};
    std::map<std::string, int> attempts_; // of this pass, by delivery
    bool is_over_ = false;                // every other would end as the last one did
    SameRefusals same_refusals_;
    PassReport report_;
};

std::string problems_of(const PassReport& report)
{
    std::string problems;
    if (report.not_made > 0)
        append_item(problems, fmt::format("{} digests could not be made; a warning above says why "
                                          "of each, and the next pass tries again",
                                          report.not_made));
    if (report.failed + report.in_doubt > 0)
        append_item(problems, fmt::format("{} digests failed and {} are in doubt; see "
                                          "timesheet.digests, and resolve those in doubt with "
                                          "timesheet.resolve_delivery()",
                                          report.failed, report.in_doubt));
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
    spdlog::info("digests: {} sent, {} failed, {} in doubt", report.sent, report.failed,
                 report.in_doubt);
    DeliveryStore(database).log_queue();
    if (std::string problems = problems_of(report); !problems.empty())
        throw Failure(problems);
}

} // namespace timesheetd
