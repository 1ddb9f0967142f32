#include "own_session.hpp"

#include <set>

namespace timesheetd
{

namespace
{

constexpr int looks = 5;

long long session(Database& database)
{
    return database.query("SELECT pg_backend_pid()").number(0, 0);
}

} // namespace

void demand_own_session(Database& database, const std::string& url)
{
    // What answers is what was connected to: nothing stands between.
    if (session(database) == database.promised_session())
        return;
    // A pooler. In session mode, two connections have two sessions and keep them; in transaction mode
    // each is lent whichever is free, which is mostly the one that was used last.
    Database other(url);
    std::set<long long> ours, others;
    for (int look = 0; look < looks; ++look) {
        ours.insert(session(database));
        others.insert(session(other));
    }
    if (ours.size() > 1 || others.size() > 1 || ours == others)
        throw Failure("DATABASE_URL leads through a pooler in transaction mode, which lends the "
                      "session that holds our lock to others; name the server itself, or a pooler "
                      "in session mode (of Supabase's, port 5432)");
}

} // namespace timesheetd
