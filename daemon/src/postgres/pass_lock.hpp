// A lock that a pass holds from its beginning to its end, so that no other of its kind runs at the
// same time.
#pragma once

#include <chrono>
#include <string>

#include "postgres/database.hpp"

namespace timesheetd
{

// A caller with a time limit comes again. The server takes a moment to end the session of the call
// before.
constexpr std::chrono::milliseconds lock_wait_under_time_limit{500};

enum class LockOf { ingest, digest };

// Held by a transaction of a connection that does nothing else: it has neither a number nor a
// snapshot, so that no vacuum waits for it, and the server ends it with the connection, however we
// end.
class PassLock
{
  public:
    // Waits for the lock: at most `max_wait`, by default as long as Database says, or hardly at all
    // under a time limit. `working`, the
    // pass's own connection, records who holds it. Throws LockHeld, naming the holder.
    PassLock(Database& working, const std::string& url, LockOf what,
             std::chrono::milliseconds max_wait = {});

    // Before anything is stored or sent. Throws Failure once the lock is lost, as another pass may
    // be running by then.
    void require_held();

  private:
    const char* name_;
    Database holding_;
};

} // namespace timesheetd
