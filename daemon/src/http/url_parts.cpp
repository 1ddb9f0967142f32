#include "http/url_parts.hpp"

#include <algorithm>
#include <cctype>

#include <arpa/inet.h>

#include "http/curl_prelude.hpp"

namespace timesheetd
{

namespace
{

std::string part(const CurlUrl& url, CURLUPart which)
{
    char* text = nullptr;
    if (curl_url_get(url.get(), which, &text, 0))
        return "";
    return CurlText(text).get();
}

std::string plain_host(std::string host)
{
    if (!host.empty() && host.back() == '.')
        host.pop_back();
    std::transform(host.begin(), host.end(), host.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return host;
}

} // namespace

bool UrlParts::has_loopback_host() const
{
    in_addr ipv4;
    if (inet_pton(AF_INET, host.c_str(), &ipv4) == 1)
        return ntohl(ipv4.s_addr) >> 24 == 127;
    return host == "localhost" || host == "[::1]";
}

std::optional<UrlParts> url_parts(const std::string& url)
{
    CurlUrl parsed(curl_url());
    if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME))
        return std::nullopt;
    UrlParts parts;
    parts.scheme = part(parsed, CURLUPART_SCHEME);
    parts.user = part(parsed, CURLUPART_USER);
    parts.password = part(parsed, CURLUPART_PASSWORD);
    parts.host = plain_host(part(parsed, CURLUPART_HOST));
    parts.path = part(parsed, CURLUPART_PATH);
    parts.query = part(parsed, CURLUPART_QUERY);
    parts.fragment = part(parsed, CURLUPART_FRAGMENT);
    return parts;
}

} // namespace timesheetd
