#include "digest/email_sender.hpp"

#include <algorithm>

#include "digest/delivery_state.hpp"
#include "digest/outgoing_mail.hpp"
#include "digest/refusal_table.hpp"
#include "http/retry_policy.hpp"
#include "process/failure.hpp"
#include "process/log.hpp"
#include "process/scrubber.hpp"
#include "process/signals.hpp"
#include "process/time_limit.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr double mails_per_second = 2; // the least that a provider allows
constexpr std::size_t max_error = 500;

std::string named(const Delivery& delivery)
{
    return delivery.kind + " " + delivery.id;
}

// The remedies are written for digests; another e-mail is asked for again by who wanted it.
std::string with_remedy_for(const Delivery& delivery, std::string error)
{
    std::size_t at = delivery.is_digest() ? std::string::npos : error.find(send_again);
    if (at != std::string::npos)
        error.replace(at, std::string(send_again).size(),
                      delivery.is_notification() ? "correct ALERT_EMAILS"
                                                 : "correct that and ask for it again");
    return error;
}

} // namespace

EmailSender::EmailSender(const Configuration& configuration, Database& database, PassLock& lock,
                         const SendingPolicy& policy)
    : configuration_(configuration), store_(database), lock_(lock), policy_(policy),
      provider_(mail_provider(configuration)), rate_limit_(mails_per_second)
{
}

void EmailSender::recover()
{
    report_.in_doubt += store_.recover(provider_->name(), provider_->idempotency_window());
}

void EmailSender::send_due(bool is_portal_open, const char* why_closed)
{
    while (wait_for_one())
        send_one(is_portal_open, why_closed);
}

// Whether a delivery is due, now or after a pause that is worth it.
bool EmailSender::wait_for_one()
{
    if (is_over_)
        return false;
    std::optional<std::chrono::milliseconds> wait =
        store_.until_next_attempt(refusals_.waiting(), policy_.only_notifications);
    if (!wait || *wait > policy_.max_pause)
        return false;
    sleep_unless_stopped(*wait);
    return true;
}

void EmailSender::send_one(bool is_portal_open, const char* why_closed)
{
    check_stop();
    std::optional<Delivery> delivery = store_.next(refusals_.waiting(), policy_.only_notifications);
    if (!delivery)
        return;
    report_.has_others = report_.has_others || !delivery->is_digest();
    if (delivery->is_portal_link() && !is_portal_open) {
        store_.fail(*delivery, provider_->name(), why_closed);
        log::warn("{} to {} is not sent: {}", named(*delivery), delivery->recipient, why_closed);
        return;
    }
    OutgoingMail outgoing = outgoing_mail(configuration_, *delivery, is_portal_open);
    scrubber().hide("portal token", outgoing.portal_token); // a provider may echo it
    HttpRequest request = provider_->request(outgoing.mail);

    sleep_unless_stopped(
        std::chrono::ceil<std::chrono::milliseconds>(rate_limit_.reserve(RateLimit::Clock::now())));
    lock_.require_held();
    // What is begun is finished: not begun where the slowest so far would not fit.
    check_stop();
    require_time(std::max(longest_attempt_, time_to_close()));
    // What may be repeated is broken off in time.
    if (std::optional<TimeLimitClock::duration> left = time_left();
        left && delivery->is_notification())
        request.timeout = std::max(std::chrono::ceil<std::chrono::milliseconds>(*left),
                                   std::chrono::milliseconds(1000));
    auto began = RateLimit::Clock::now();
    if (store_.begin_attempt(*delivery, provider_->name(), outgoing.stored, outgoing.portal_token))
        record(*delivery, ask(request));
    longest_attempt_ = std::max(longest_attempt_, RateLimit::Clock::now() - began);
}

MailAnswer EmailSender::ask(const HttpRequest& request)
{
    has_no_answer_ = false;
    try {
        HttpResponse answer = http_.perform(request);
        if (answer.is_rate_limit_exhausted)
            rate_limit_.hold(RateLimit::Clock::now(), std::min<std::chrono::milliseconds>(
                                                          answer.retry_after, policy_.max_pause));
        return provider_->read(answer);
    } catch (const NoAnswer& e) {
        has_no_answer_ = true;
        return {e.was_sent ? Outcome::indeterminate : Outcome::retry, "",
                fmt::format("no answer from {}: {}", provider_->name(), e.what())};
    } catch (const Failure& e) {
        return {Outcome::misconfigured, "", e.what()};
    }
}

void EmailSender::record(const Delivery& delivery, MailAnswer answer)
{
    answer.error = with_remedy_for(delivery, one_line(scrubber().scrub(answer.error), max_error));
    // An alert that comes twice is better than one that does not come.
    bool may_repeat =
        delivery.is_notification() || provider_->idempotency_window() > std::chrono::hours(0);
    AttemptEnd end = after_attempt(answer, may_repeat, policy_.max_pause, refusals_.has_accepted());
    if (answer.outcome == Outcome::accepted)
        record_accepted(delivery, answer);
    else if (end.is_counted)
        record_attempt(delivery, answer, end);
    else
        store_.return_to_queue(delivery, answer.error, end.pause_of_all);
    report_.not_accepted += answer.outcome != Outcome::accepted;
    // Each would wait as long for an answer; those who wait for this pass do not.
    is_over_ = is_over_ || end.ends_pass || (has_no_answer_ && policy_.only_notifications);
    if (end.pause_of_all.count() > 0)
        store_.postpone_all(end.pause_of_all, end.pause_reason);
    if (answer.outcome == Outcome::misconfigured || answer.outcome == Outcome::quota_exceeded) {
        store_.raise_sender_alert(answer.error);
        report_.sender_failure = answer.error;
    }
    if (answer.outcome == Outcome::unexplained)
        note_unexplained(delivery, answer, end);
}

// The sender is in order, so that what was refused before it failed alone. Not where the provider
// may only have repeated what it answered to an earlier attempt.
void EmailSender::record_accepted(const Delivery& delivery, const MailAnswer& answer)
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

void EmailSender::record_attempt(const Delivery& delivery, const MailAnswer& answer,
                                 const AttemptEnd& end)
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

void EmailSender::note_unexplained(const Delivery& delivery, const MailAnswer& answer,
                                   const AttemptEnd& end)
{
    refusals_.add(delivery.id, answer.error);
    if (!end.is_counted)
        log::warn("{} to {} was refused: {}", named(delivery), delivery.recipient, answer.error);
    if (!refusals_.are_enough())
        return;
    is_over_ = true;
    log::warn("the last {} e-mails were refused; the rest waits for the next pass",
              UnexplainedRefusals::max_in_a_row);
}

void EmailSender::report_returned()
{
    report_.returned = static_cast<int>(refusals_.waiting().size());
    report_.last_refusal = refusals_.last_error();
    if (report_.returned > 0)
        store_.raise_sender_alert(returned_text());
}

std::string EmailSender::returned_text() const
{
    return fmt::format(
        "{} {} were refused and none was accepted, so all stay queued; the last "
        "answer: {}; check MAIL_FROM, MAIL_REPLY_TO and the account at the provider, "
        "or correct the addresses",
        report_.returned, report_.emails(), report_.last_refusal);
}

// Before this delivery is tried again, if it is.
std::chrono::milliseconds EmailSender::wait_before_next(const Delivery& delivery,
                                                        const MailAnswer& answer,
                                                        const AttemptEnd& end)
{
    if (end.state != DeliveryState::queued)
        return {};
    if (!end.ends_pass)
        rate_limit_.hold(RateLimit::Clock::now(), answer.wait);
    return backoff(delivery, answer.wait);
}

// Short a few times; then it is left to later passes.
std::chrono::milliseconds EmailSender::backoff(const Delivery& delivery,
                                               std::chrono::milliseconds asked)
{
    double random = std::uniform_real_distribution<double>(0, 1)(engine_);
    auto delay = service_retries.delay(delivery.attempts + 2, random, asked);
    if (++attempts_[delivery.id] >= policy_.attempts)
        delay = std::max<std::chrono::milliseconds>(delay, 2 * policy_.max_pause);
    return std::max(delay, asked);
}

} // namespace timesheetd
