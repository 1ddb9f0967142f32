#include "digest/digest_links.hpp"

namespace timesheetd
{

namespace
{

// "Agency <hours@example.com>" or the address alone.
std::string bare_address(const std::string& from)
{
    std::size_t open = from.rfind('<');
    std::size_t close = from.rfind('>');
    if (open == std::string::npos || close == std::string::npos || close < open)
        return from;
    return from.substr(open + 1, close - open - 1);
}

} // namespace

DigestLinks digest_links(const Configuration& configuration, const std::string& unsubscribe_token)
{
    DigestLinks links;
    links.page = configuration.text("MAIL_PAGE_URL");
    const std::string& unsubscribe = configuration.text("MAIL_UNSUBSCRIBE_URL");
    const std::string& reply_to = configuration.text("MAIL_REPLY_TO");
    std::string address =
        bare_address(reply_to.empty() ? configuration.text("MAIL_FROM") : reply_to);
    if (!unsubscribe.empty())
        links.unsubscribe = unsubscribe + "?token=" + unsubscribe_token;
    else if (!address.empty())
        links.unsubscribe = "mailto:" + address + "?subject=unsubscribe";
    return links;
}

} // namespace timesheetd
