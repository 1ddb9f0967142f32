// Posts what is queued for the webhook.
#pragma once

#include "alerts/webhook.hpp"
#include "postgres/database.hpp"
#include "postgres/pass_lock.hpp"

namespace timesheetd
{

// The holder of the digest lock. A message is posted at least once: one that was found begun was
// left by a process that died, and is posted again.
class WebhookSender
{
  public:
    WebhookSender(const Configuration& configuration, Database& database, PassLock& lock)
        : webhook_(configuration), database_(database), lock_(lock)
    {
    }

    // Posts what is due, until one fails: the next would as well. Throws Stopped and TimeIsUp.
    void send_due();

    bool has_failed() const { return has_failed_; }

  private:
    // False where it must not be posted any more.
    bool send(const std::string& id, const std::string& text);

    Webhook webhook_;
    Database& database_;
    PassLock& lock_;
    bool has_failed_ = false;
};

} // namespace timesheetd
