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

enum class LockOf { ingest, digest, replay };

// Held by a transaction of a connection that does nothing else: it has neither a number nor a
// snapshot, so that no vacuum waits for it, and the server ends it with the connection, however we
// end.
class PassLock
{
  public:
    // The connection for a lock, which may be made while the pass's own one is.
    static Connecting connect(const std::string& url, LockOf what);

    // Waits for the lock: at most `max_wait`, by default as long as Database says, or hardly at all
    // under a time limit. `working`, the pass's own connection, outlives the lock's use. Throws
    // LockHeld, naming the holder.
    PassLock(Database& working, Connecting connecting, LockOf what,
             std::chrono::milliseconds max_wait = {});
    PassLock(Database& working, const std::string& url, LockOf what,
             std::chrono::milliseconds max_wait = {});

    // Before anything is stored or sent: records who holds the lock, which a pass that finds
    // nothing to do need not write. Throws Failure once the lock is lost, as another pass may be
    // running by then.
    void require_held();

    // The same, for a statement that records it: its FROM clause, with parameters from this number
    // on, which are added to those of the statement. "" where it is recorded.
    std::string recording_from(int parameter, Parameters& parameters);

  private:
    void require_connected();

    const char* name_;
    Database& working_;
    Database holding_;
    bool is_recorded_ = false;
    std::string lock_, host_, process_; // what is recorded
};

} // namespace timesheetd
