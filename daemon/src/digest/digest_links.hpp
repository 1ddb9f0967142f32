// Where a digest's links lead.
#pragma once

#include <string>

#include "configuration/configuration.hpp"

namespace timesheetd
{

struct DigestLinks {
    std::string page;        // "" for none
    std::string unsubscribe; // https or mailto; "" for none
    bool is_portal = false;  // page is the contact's own on the portal, see portal_link.hpp
};

// MAIL_PAGE_URL, and MAIL_UNSUBSCRIBE_URL with the contact's token, else an e-mail to the sender.
DigestLinks digest_links(const Configuration& configuration, const std::string& unsubscribe_token);

} // namespace timesheetd
