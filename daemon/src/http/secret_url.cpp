#include "http/secret_url.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "http/url_parts.hpp"
#include "process/failure.hpp"
#include "process/scrubber.hpp"

namespace timesheetd
{

namespace
{

constexpr std::size_t shortest_key = 9; // T024BE7LD is a workspace at Slack
constexpr const char* remedy = "copy it again from the service that gave it";

[[noreturn]] void refuse(const std::string& variable, const char* why, const char* what_to_do)
{
    throw WrongUsage(
        fmt::format("{}: {} (not shown, as it is a secret); {}", variable, why, what_to_do));
}

std::vector<std::string> long_pieces(const std::string& text)
{
    std::vector<std::string> pieces;
    for (std::size_t begin = 0; begin <= text.size();) {
        std::size_t end = std::min(text.find_first_of("/?&=;", begin), text.size());
        if (end - begin >= shortest_key)
            pieces.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return pieces;
}

} // namespace

void check_secret_url(const std::string& variable, const std::string& url)
{
    auto is_visible = [](unsigned char c) { return c > 0x20 && c < 0x7F; };
    if (!std::all_of(url.begin(), url.end(), is_visible))
        refuse(variable, "the URL holds a blank or a character that is not ASCII", remedy);
    std::optional<UrlParts> parts = url_parts(url);
    if (!parts)
        refuse(variable, "the value is not a URL", "give one such as https://example.com/KEY");
    if (!parts->user.empty() || !parts->password.empty())
        refuse(variable, "the URL holds a user name or a password",
               "give a URL without what is before an @");
    if (url.find('#') != std::string::npos)
        refuse(variable, "the URL holds a #, after which nothing would be sent", remedy);
    if (parts->scheme != "https" && !(parts->scheme == "http" && parts->has_loopback_host()))
        refuse(variable, "the URL is not https",
               "use https://, or http:// only for a loopback host such as 127.0.0.1");
}

void hide_secret_url(const std::string& variable, const std::string& url)
{
    scrubber().hide(variable, url);
    std::optional<UrlParts> parts = url_parts(url);
    if (!parts)
        return;
    std::string target = parts->path + (parts->query.empty() ? "" : "?" + parts->query);
    if (target.size() >= shortest_key)
        scrubber().hide(variable + " path", target);
    int number = 0;
    for (const std::string& piece : long_pieces(target))
        scrubber().hide(fmt::format("{} piece {}", variable, ++number), piece);
}

} // namespace timesheetd
