#include "http/service_url.hpp"

#include <arpa/inet.h>
#include <strings.h>

#include <fmt/format.h>

#include "http/curl_prelude.hpp"
#include "process/failure.hpp"

namespace timesheetd
{

namespace
{

CurlUrl parsed(const std::string& url)
{
    CurlUrl parts(curl_url());
    if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME))
        return nullptr;
    return parts;
}

// Empty where the URL has no such part.
std::string part(const CurlUrl& url, CURLUPart which)
{
    char* text = nullptr;
    if (curl_url_get(url.get(), which, &text, 0))
        return "";
    return CurlText(text).get();
}

bool is_loopback(const std::string& host)
{
    in_addr ipv4;
    if (inet_pton(AF_INET, host.c_str(), &ipv4) == 1)
        return ntohl(ipv4.s_addr) >> 24 == 127;
    return strcasecmp(host.c_str(), "localhost") == 0 || host == "[::1]";
}

} // namespace

std::string checked_service_url(const std::string& variable, const std::string& url)
{
    CurlUrl parts = parsed(url);
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
    std::string scheme = part(parts, CURLUPART_SCHEME);
    if (scheme != "https" && !(scheme == "http" && is_loopback(part(parts, CURLUPART_HOST))))
        throw WrongUsage(fmt::format("{}: \"{}\" is not https; use https://, or http:// only for a "
                                     "loopback host such as 127.0.0.1",
                                     variable, url));
    return url.substr(0, url.find_last_not_of('/') + 1);
}

bool has_loopback_host(const std::string& url)
{
    CurlUrl parts = parsed(url);
    return parts && is_loopback(part(parts, CURLUPART_HOST));
}

} // namespace timesheetd
