// Sends what is queued in the outbox: digests and the other e-mails, one after another.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "configuration/configuration.hpp"
#include "digest/delivery_store.hpp"
#include "digest/mail_provider.hpp"
#include "digest/unexplained_refusals.hpp"
#include "http/rate_limit.hpp"
#include "postgres/pass_lock.hpp"

namespace timesheetd
{

// What is sent, and how patiently: alerts and briefings, or all other e-mails.
struct SendingPolicy {
    bool only_notifications;
    std::chrono::milliseconds max_pause; // what has to wait longer is left to a later pass
    int attempts;                        // of one e-mail
};

constexpr SendingPolicy send_others{false, std::chrono::seconds(60), 5};
// They come at the end of a pass, which a person may wait for.
constexpr SendingPolicy send_notifications_only{true, std::chrono::seconds(5), 3};

struct SendingReport {
    int sent = 0;
    int not_accepted = 0; // attempts, whatever follows
    int failed = 0;
    int in_doubt = 0;
    int returned = 0; // refused, without a reason that is known, and none was accepted
    std::string last_refusal;
    std::string sender_failure; // why the provider refuses every e-mail; "" if it does not
    bool has_others = false;    // than digests, among those that were tried

    const char* emails() const { return has_others ? "e-mails" : "digests"; }
};

// The holder of the digest lock, from what is queued to what the provider answers.
class EmailSender
{
  public:
    // Throws WrongUsage for what is not configured.
    EmailSender(const Configuration& configuration, Database& database, PassLock& lock,
                const SendingPolicy& policy);

    // Resolves what a sender that died has left.
    void recover();
    // Sends what is due, until the provider refuses every e-mail. `is_portal_open`: e-mails may
    // link to the portal; else `why_closed`. Throws Stopped and TimeIsUp.
    void send_due(bool is_portal_open, const char* why_closed);
    // Raises an alert where all were refused without a reason that is known.
    void report_returned();

    bool is_over() const { return is_over_; }
    const SendingReport& report() const { return report_; }
    std::string returned_text() const;

  private:
    bool wait_for_one();
    void send_one(bool is_portal_open, const char* why_closed);
    MailAnswer ask(const HttpRequest& request);
    void record(const Delivery& delivery, MailAnswer answer);
    void record_accepted(const Delivery& delivery, const MailAnswer& answer);
    void record_attempt(const Delivery& delivery, const MailAnswer& answer, const AttemptEnd& end);
    void note_unexplained(const Delivery& delivery, const MailAnswer& answer,
                          const AttemptEnd& end);
    std::chrono::milliseconds wait_before_next(const Delivery& delivery, const MailAnswer& answer,
                                               const AttemptEnd& end);
    std::chrono::milliseconds backoff(const Delivery& delivery, std::chrono::milliseconds asked);

    const Configuration& configuration_;
    DeliveryStore store_;
    PassLock& lock_;
    SendingPolicy policy_;
    std::unique_ptr<MailProvider> provider_;
    HttpClient http_;
    RateLimit rate_limit_;
    RateLimit::Clock::duration longest_attempt_{};
    std::minstd_rand engine_{std::random_device{}()};
    std::map<std::string, int> attempts_; // of this pass, by delivery
    bool has_no_answer_ = false;          // of the last attempt
    bool is_over_ = false;                // every other would end as the last one did
    UnexplainedRefusals refusals_;
    SendingReport report_;
};

} // namespace timesheetd
