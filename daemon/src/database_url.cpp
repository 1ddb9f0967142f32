#include "database_url.hpp"

#include <cstring>

#include "failure.hpp"
#include "pq_prelude.hpp"
#include "scrubber.hpp"

namespace timesheetd
{

namespace
{

PqOptions parsed(const std::string& url)
{
    char* complaint = nullptr;
    PqOptions options(PQconninfoParse(url.c_str(), &complaint));
    PqText free_it(complaint);
    return options;
}

// What stands between "//user:" and the last "@" before the host.
std::string password_as_written(const std::string& url)
{
    std::size_t start = url.find("://");
    if (start == std::string::npos)
        return "";
    start += 3;
    std::size_t at = url.find('@', start);
    std::size_t colon = url.find(':', start);
    if (at == std::string::npos || colon == std::string::npos || colon > at)
        return "";
    return url.substr(colon + 1, at - colon - 1);
}

} // namespace

void hide_database_secrets(const std::string& url)
{
    scrubber().hide("DATABASE_URL", url);
    scrubber().hide("DATABASE_URL password as written", password_as_written(url));
    PqOptions options = parsed(url);
    for (PQconninfoOption* option = options.get(); option && option->keyword; ++option)
        // libpq marks passwords with "*".
        if (option->val && std::strchr(option->dispchar, '*'))
            scrubber().hide(std::string("DATABASE_URL ") + option->keyword, option->val);
}

void check_database_url(const std::string& url)
{
    // libpq's own words would quote the URL.
    if (!parsed(url))
        throw WrongUsage("DATABASE_URL: libpq cannot read it (not shown, it may hold a password); "
                         "use postgresql://USER:PASSWORD@HOST:PORT/DATABASE with special "
                         "characters of the password percent-encoded, such as %40 for @");
}

} // namespace timesheetd
