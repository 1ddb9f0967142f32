#include "postgres/pass_lock.hpp"

#include <unistd.h>

#include <fmt/format.h>

#include "process/time_limit.hpp"

namespace timesheetd
{

namespace
{

std::string host_name()
{
    char name[256] = {};
    return gethostname(name, sizeof name - 1) == 0 && *name ? name : "unknown";
}

} // namespace

PassLock::PassLock(Database& working, const std::string& url, LockOf what,
                   std::chrono::milliseconds max_wait)
    : name_(what == LockOf::ingest ? "ingest" : "digest"),
      holding_(url, fmt::format("timesheetd {} lock", name_))
{
    if (has_time_limit())
        max_wait = lock_wait_under_time_limit;
    if (max_wait.count() > 0)
        holding_.query("SELECT pg_catalog.set_config('lock_timeout', $1, false)",
                       {std::to_string(max_wait.count())});
    // As scripts: what goes with parameters leaves a portal behind, whose snapshot holds vacuum
    // back.
    holding_.run_script("BEGIN ISOLATION LEVEL READ COMMITTED");
    holding_.run_script(what == LockOf::ingest ? "SELECT timesheet.take_ingest_lock()"
                                               : "SELECT timesheet.take_digest_lock()");
    working.query("SELECT timesheet.record_lock_holder($1, $2::int, $3, $4::int)",
                  {fmt::format("{}_lock", name_), holding_.server_process(), host_name(),
                   std::to_string(getpid())});
}

void PassLock::require_held()
{
    try {
        holding_.require_connected();
    } catch (const DatabaseError& e) {
        throw Failure(
            fmt::format("the {} lock is lost with the connection that held it, so another "
                        "pass may be running; nothing more is stored or sent: {}",
                        name_, e.what()));
    }
}

} // namespace timesheetd
