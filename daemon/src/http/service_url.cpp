#include "http/service_url.hpp"

#include <fmt/format.h>

#include "http/url_parts.hpp"
#include "process/failure.hpp"

namespace timesheetd
{

std::string checked_service_url(const std::string& variable, const std::string& url)
{
    std::optional<UrlParts> parts = url_parts(url);
    // What is before an @ may be a password: such a value is not shown.
    if (url.find('@') != std::string::npos)
        throw WrongUsage(fmt::format(
            "{}: the URL holds a user name or an @; use a plain URL such as https://example.com",
            variable));
    if (!parts)
        throw WrongUsage(fmt::format("{}: \"{}\" is not a URL; use one such as https://example.com",
                                     variable, url));
    if (url.find_first_of("?#") != std::string::npos) // also an empty one
        throw WrongUsage(
            fmt::format("{}: \"{}\" has a query or a fragment after it (not shown, it may hold a "
                        "key); give only https://, host and path",
                        variable, url.substr(0, url.find_first_of("?#"))));
    if (parts->scheme != "https" && !(parts->scheme == "http" && parts->has_loopback_host()))
        throw WrongUsage(fmt::format("{}: \"{}\" is not https; use https://, or http:// only for a "
                                     "loopback host such as 127.0.0.1",
                                     variable, url));
    return url.substr(0, url.find_last_not_of('/') + 1);
}

bool has_loopback_host(const std::string& url)
{
    std::optional<UrlParts> parts = url_parts(url);
    return parts && parts->has_loopback_host();
}

} // namespace timesheetd
