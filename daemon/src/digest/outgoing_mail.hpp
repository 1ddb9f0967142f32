// An e-mail as it is stored and as it is sent.
#pragma once

#include <string>

#include "configuration/configuration.hpp"
#include "digest/delivery_store.hpp"
#include "digest/digest_template.hpp"
#include "digest/mail_provider.hpp"

namespace timesheetd
{

struct OutgoingMail {
    RenderedDigest
        stored; // no secret in it: a place holder where a link to the portal has its token
    Mail mail;
    std::string portal_token; // "" if it has no link to the portal
};

// What an earlier attempt has stored is not made again, so that each attempt sends the same.
// `is_portal_open`: a new e-mail to a contact links to the portal.
OutgoingMail outgoing_mail(const Configuration& configuration, const Delivery& delivery,
                           bool is_portal_open);

} // namespace timesheetd
