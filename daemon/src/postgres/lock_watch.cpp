#include "postgres/lock_watch.hpp"

#include <chrono>
#include <vector>

#include <poll.h>

#include "postgres/database_url.hpp"
#include "postgres/pq_prelude.hpp"

namespace timesheetd
{

namespace
{

constexpr const char* timeout_s = "2"; // the least that libpq takes
constexpr std::chrono::seconds patience{2};

// A worker of the server's own, such as autovacuum, has no role.
constexpr const char* question =
    "SELECT pg_catalog.string_agg(pg_catalog.format('%s (%s)', coalesce('role ' || "
    "pg_catalog.quote_ident(a.usename), 'the server itself'), pg_catalog.concat_ws(', ', "
    "nullif(a.application_name, ''), 'server process ' || b.pid)), ', ' ORDER BY b.pid) "
    "FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids($1::pg_catalog.int4)) AS b (pid) "
    "LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = b.pid";

// A pooler without a free session may delay this query for longer than the wait itself.
bool is_answered(PGconn* connection)
{
    auto give_up = std::chrono::steady_clock::now() + patience;
    while (PQisBusy(connection)) {
        auto left = std::chrono::ceil<std::chrono::milliseconds>(give_up -
                                                                 std::chrono::steady_clock::now());
        pollfd socket{PQsocket(connection), POLLIN, 0};
        if (left.count() <= 0 || poll(&socket, 1, static_cast<int>(left.count())) <= 0 ||
            !PQconsumeInput(connection))
            return false;
    }
    return true;
}

} // namespace

std::optional<std::string> blockers_of(const std::string& url, const std::string& waiting)
{
    std::string authorities = database_authorities(url);
    std::vector<const char*> keywords = {"application_name"};
    std::vector<const char*> values = {"timesheetd lock watch"};
    if (!authorities.empty()) {
        keywords.push_back("sslrootcert");
        values.push_back(authorities.c_str());
    }
    keywords.insert(keywords.end(), {"dbname", "connect_timeout", nullptr});
    values.insert(values.end(), {url.c_str(), timeout_s, nullptr});
    PqConnection connection(PQconnectdbParams(keywords.data(), values.data(), 1));
    const char* parameters[] = {waiting.c_str()};
    if (!connection || PQstatus(connection.get()) != CONNECTION_OK ||
        !PQsendQueryParams(connection.get(), question, 1, nullptr, parameters, nullptr, nullptr,
                           0) ||
        !is_answered(connection.get()))
        return std::nullopt;
    PqResult result(PQgetResult(connection.get()));
    if (PQresultStatus(result.get()) != PGRES_TUPLES_OK)
        return std::nullopt;
    return PQgetvalue(result.get(), 0, 0);
}

} // namespace timesheetd
