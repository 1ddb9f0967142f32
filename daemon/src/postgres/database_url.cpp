#include "postgres/database_url.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "postgres/pq_prelude.hpp"
#include "process/failure.hpp"
#include "process/scrubber.hpp"

namespace timesheetd
{

namespace
{

constexpr std::size_t none = std::string::npos;

PqOptions parsed(const std::string& url)
{
    char* complaint = nullptr;
    PqOptions options(PQconninfoParse(url.c_str(), &complaint));
    PqText free_it(complaint);
    return options;
}

std::string from_environment(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

// What is between "//user:" and the last "@" before the host.
std::string password_as_written(const std::string& url)
{
    std::size_t start = url.find("://");
    if (start == none)
        return "";
    start += 3;
    std::size_t at = url.find('@', start);
    std::size_t colon = url.find(':', start);
    if (at == none || colon == none || colon > at)
        return "";
    return url.substr(colon + 1, at - colon - 1);
}

// What follows "password=" in the URL's query or among key=value pairs.
std::string parameter_as_written(const std::string& url, const char* name)
{
    std::size_t start = url.find(name);
    if (start == none)
        return "";
    start += std::strlen(name);
    return url.substr(start, url.find_first_of("& ", start) - start);
}

// Every complaint shows nothing of the URL: what is wrong with it may be where the password lies.
[[noreturn]] void refuse(const std::string& why)
{
    throw WrongUsage(
        fmt::format("DATABASE_URL: {} (not shown, it may be part of the password); use "
                    "postgresql://USER:PASSWORD@HOST:PORT/DATABASE with special "
                    "characters of the password percent-encoded: %40 for @, %2F for /, "
                    "%3F for ?, %3A for :",
                    why));
}

// Where libpq splits a URL is not where a person does that wrote a password as it is:
//
//   //user:pa@ss@host/db      libpq takes "ss@host" for the host, and asks the name server for it
//   //user:pa/ss@host/db      "user" for the host, "pa" for its port
//   //host?password=pa@ss     "host?password=pa" for the user, "ss" for the host
void check_separators(const std::string& url)
{
    std::size_t start = url.find("://");
    if (url.rfind("postgresql://", 0) != 0 && url.rfind("postgres://", 0) != 0)
        return; // key=value pairs, which separate by blanks
    std::string rest = url.substr(start + 3);
    std::string authority = rest.substr(0, rest.find('/'));
    std::size_t at = authority.find('@');
    if (at != none && authority.find('@', at + 1) != none)
        refuse("it has more than one @ before the database");
    if (at != none && authority.find('?') < at)
        refuse("it has a ? before the @");
    std::size_t path = authority.size();
    if (rest.substr(path, rest.find('?', path) - path).find('@') != none)
        refuse("it has an @ after the first /");
}

bool is_port_list(const std::string& text)
{
    return text.find_first_not_of("0123456789,") == none;
}

// What libpq would show, to the log or to the name server.
void check_shown_parts(const PQconninfoOption* option)
{
    auto is_unfit = [](unsigned char c) { return c <= 0x20 || c == 0x7F; };
    for (; option->keyword; ++option) {
        std::string name = option->keyword;
        std::string value = option->val ? option->val : "";
        if (value.empty())
            continue;
        if (name == "host" || name == "hostaddr") {
            if (value.find('@', 1) != none) // at its beginning: an abstract Unix socket
                refuse("its host has an @");
            if (value.find("://") != none || std::any_of(value.begin(), value.end(), is_unfit))
                refuse("its host is not a host name");
        }
        if (name == "port" && !is_port_list(value))
            refuse("its port is not a number");
        if (name == "user" && value.find(':') != none)
            refuse("its user has a :");
        if ((name == "dbname" || name == "application_name" || name == "service") &&
            (value.find("://") != none || value.find("password=") != none))
            refuse(fmt::format("its {} holds another URL or a password", name));
    }
}

} // namespace

void hide_database_secrets(const std::string& url)
{
    scrubber().hide("DATABASE_URL", url);
    scrubber().hide("DATABASE_URL password as written", password_as_written(url));
    scrubber().hide("DATABASE_URL password parameter", parameter_as_written(url, "password="));
    scrubber().hide("DATABASE_URL sslpassword parameter",
                    parameter_as_written(url, "sslpassword="));
    PqOptions options = parsed(url);
    for (PQconninfoOption* option = options.get(); option && option->keyword; ++option)
        // libpq marks passwords with "*".
        if (option->val && std::strchr(option->dispchar, '*'))
            scrubber().hide(std::string("DATABASE_URL ") + option->keyword, option->val);
}

void check_database_url(const std::string& url)
{
    check_separators(url);
    // libpq's own words would quote the URL.
    PqOptions options = parsed(url);
    if (!options)
        refuse("libpq cannot read it");
    check_shown_parts(options.get());
}

std::string database_authorities(const std::string& url)
{
    std::string file = from_environment("SSL_CERT_FILE");
    std::string mode = from_environment("PGSSLMODE");
    bool names_authorities = !from_environment("PGSSLROOTCERT").empty();
    PqOptions options = parsed(url);
    for (PQconninfoOption* option = options.get(); option && option->keyword; ++option) {
        std::string name = option->keyword;
        if (option->val && name == "sslmode")
            mode = option->val;
        names_authorities = names_authorities || (option->val && name == "sslrootcert");
    }
    bool is_checked = mode == "verify-ca" || mode == "verify-full";
    return is_checked && !names_authorities ? file : "";
}

} // namespace timesheetd
