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

const char* name_of(LockOf what)
{
    switch (what) {
    case LockOf::ingest:
        return "ingest";
    case LockOf::digest:
        return "digest";
    default:
        return "replay";
    }
}

} // namespace

Connecting PassLock::connect(const std::string& url, LockOf what)
{
    return Connecting(url, fmt::format("timesheetd {} lock", name_of(what)));
}

PassLock::PassLock(Database& working, Connecting connecting, LockOf what,
                   std::chrono::milliseconds max_wait)
    : name_(name_of(what)), working_(working), holding_(connecting),
      lock_(fmt::format("{}_lock", name_)), host_(host_name()), process_(std::to_string(getpid()))
{
    if (has_time_limit())
        max_wait = lock_wait_under_time_limit;
    if (max_wait.count() > 0)
        holding_.query("SELECT pg_catalog.set_config('lock_timeout', $1, false)",
                       {std::to_string(max_wait.count())});
    // As a script: what goes with parameters leaves a portal behind, whose snapshot holds vacuum
    // back. In two, as a script alone is a transaction block of its own.
    holding_.run_script("BEGIN ISOLATION LEVEL READ COMMITTED");
    holding_.run_script(fmt::format("SELECT timesheet.take_{}_lock()", name_).c_str());
}

PassLock::PassLock(Database& working, const std::string& url, LockOf what,
                   std::chrono::milliseconds max_wait)
    : PassLock(working, connect(url, what), what, max_wait)
{
}

void PassLock::require_held()
{
    require_connected();
    if (is_recorded_)
        return;
    Parameters parameters;
    std::string from = recording_from(1, parameters);
    working_.query(("SELECT" + from).c_str(), parameters);
}

std::string PassLock::recording_from(int parameter, Parameters& parameters)
{
    require_connected();
    if (is_recorded_)
        return "";
    is_recorded_ = true;
    parameters.insert(parameters.end(), {lock_, holding_.server_process(), host_, process_});
    return fmt::format(" FROM timesheet.record_lock_holder(${}, ${}::int, ${}, ${}::int)",
                       parameter, parameter + 1, parameter + 2, parameter + 3);
}

void PassLock::require_connected()
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
