// The database's side of sending: the few SQL functions that the sender calls.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "digest/delivery_state.hpp"
#include "digest/digest_template.hpp"
#include "jibble/calendar.hpp"
#include "postgres/database.hpp"

namespace timesheetd
{

struct Delivery {
    std::string id;
    std::string kind; // digest, or as timesheet.outbox_messages has it
    std::string recipient;
    std::string subject;
    std::string content; // as timesheet.digest_content() gives it
    std::string idempotency_key;
    std::string unsubscribe_token;          // of a digest alone
    int attempts = 0;                       // before this one
    bool is_indeterminate = false;          // an earlier attempt may have been accepted
    std::optional<RenderedDigest> rendered; // by the first attempt; a further one sends the same

    bool is_digest() const { return kind == "digest"; }
    bool is_portal_link() const { return kind == "portal_link"; }
    // To staff or supervisors, about what the database saw.
    bool is_notification() const { return kind == "alert" || kind == "briefing"; }
};

struct QueuedDigests {
    long long queued = 0;
    long long not_made = 0; // the server has warned of each
};

// What became of requests for a link to the portal.
struct QueuedPortalLinks {
    bool is_open = false; // e-mails may link to the portal
    long long queued = 0;
    long long refused = 0; // as it is not open
};

// What became of e-mails that were refused, once another was accepted.
struct AloneFailed {
    int failed = 0;
    int in_doubt = 0; // an earlier attempt may have been accepted
};

class DeliveryStore
{
  public:
    explicit DeliveryStore(Database& database) : database_(database) {}

    // Resolves what a sender that died has left. Returns how many came into doubt.
    int recover(const char* provider, std::chrono::hours idempotency_window);
    // Queues an e-mail for each contact that asked for a link to the portal. `is_served`: by this
    // configuration.
    QueuedPortalLinks queue_portal_links(bool is_served);
    // Queues what is due, or only the week that holds the day.
    QueuedDigests queue(std::optional<Date> week_of);
    // Until the next attempt is due, 0 if one is; nothing if none is queued but those `returned` in
    // this pass.
    std::optional<std::chrono::milliseconds>
    until_next_attempt(const std::vector<std::string>& returned, bool only_notifications);
    // The delivery that is due, if one is: a notification, or any other.
    std::optional<Delivery> next(const std::vector<std::string>& returned, bool only_notifications);
    // Before the provider is asked. False if it must not be asked any more: the contact is gone.
    // From then on the token ("" for none) opens the contact's page on the portal.
    bool begin_attempt(const Delivery& delivery, const char* provider,
                       const RenderedDigest& rendered, const std::string& portal_token);
    // Without asking a provider.
    void fail(const Delivery& delivery, const char* provider, const std::string& error);
    // Keeps the answer even if a signal came meanwhile. Returns the state that the delivery is in
    // now: failed becomes in_doubt where an earlier attempt may have been accepted.
    std::string end_attempt(const Delivery& delivery, const AttemptEnd& end,
                            const std::string& error, std::chrono::milliseconds wait);
    // The same for an e-mail that was accepted, which shows that those `returned` failed alone.
    AloneFailed end_accepted(const Delivery& delivery, const std::string& provider_message_id,
                             const std::vector<std::string>& returned);
    // Back to the queue, not tried before the wait is over; the attempt does not count.
    void return_to_queue(const Delivery& delivery, const std::string& error,
                         std::chrono::milliseconds wait);
    // Raises the alert that the provider refuses what all e-mails have in common; the next e-mail
    // that is accepted resolves it.
    void raise_sender_alert(const std::string& refusal);
    // Nothing that is queued is due for so long.
    void postpone_all(std::chrono::milliseconds wait, const std::string& reason);
    // Logs what is left in the queue and when the next one is due.
    void log_queue();

  private:
    Database& database_;
};

} // namespace timesheetd
