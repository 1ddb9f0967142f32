// A URL taken apart, as libcurl reads it.
#pragma once

#include <optional>
#include <string>

namespace timesheetd
{

// "" for what it does not have.
struct UrlParts {
    std::string scheme;
    std::string user;
    std::string password;
    std::string host; // in lower case, without the dot that may end it
    std::string path;
    std::string query;
    std::string fragment;

    // 127.0.0.0/8, ::1 or localhost.
    bool has_loopback_host() const;
};

// Nothing for what is no URL.
std::optional<UrlParts> url_parts(const std::string& url);

} // namespace timesheetd
