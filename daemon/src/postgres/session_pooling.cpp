#include "postgres/session_pooling.hpp"

#include <memory>
#include <set>

#include <fmt/core.h>

namespace timesheetd
{

namespace
{

constexpr int samples = 5;

long long session_process(Database& database)
{
    return database.query("SELECT pg_backend_pid()").number(0, 0);
}

std::set<long long> session_processes(Database& database)
{
    std::set<long long> processes;
    for (int sample = 0; sample < samples; ++sample)
        processes.insert(session_process(database));
    return processes;
}

std::unique_ptr<Database> another(const std::string& url)
{
    try {
        return std::make_unique<Database>(url);
    } catch (const DatabaseError& e) {
        throw Failure(fmt::format(
            "{}; through a pooler, timesheetd needs two connections, backfill three", e.what()));
    }
}

} // namespace

void check_session_pooling(Database& database, const std::string& url)
{
    // What answers is what was connected to: nothing is between.
    if (database.server_process() == std::to_string(database.backend_pid_at_connect()))
        return;
    // A pooler. In session mode, two connections have two sessions and keep them. In transaction
    // mode each is lent a free one: both the same, the one used last, or each in turn another.
    std::unique_ptr<Database> other = another(url);
    std::set<long long> ours = session_processes(database);
    std::set<long long> others = session_processes(*other);
    if (ours.size() == 1 && others.size() == 1 && ours != others)
        return;
    database.reset_settings();
    other->reset_settings();
    throw Failure("DATABASE_URL leads through a pooler in transaction mode, which lends the "
                  "session that holds our lock to others; name the server itself, or a pooler "
                  "in session mode (of Supabase's, port 5432)");
}

} // namespace timesheetd
