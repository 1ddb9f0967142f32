// E-mails as people read them: their content filled into the templates.
#pragma once

#include <string>

#include "digest/digest_links.hpp"

namespace timesheetd
{

struct RenderedDigest {
    std::string html; // everything from elsewhere is escaped
    std::string text;
};

// `content` is what timesheet.digest_content() gives. Throws std::logic_error for what is not JSON.
RenderedDigest render_digest(const std::string& content, const DigestLinks& links);

// The e-mail with a link to the portal that a contact asked for; `content` is what
// timesheet.portal_link_content() gives.
RenderedDigest render_portal_link(const std::string& content, const DigestLinks& links);

// The e-mail about alerts that began or ended, as timesheet.queue_notifications() composes it, and
// the morning briefing, as timesheet.queue_briefings() does. `page_url`: of the dashboard, "" for
// no link.
RenderedDigest render_alert(const std::string& content, const std::string& page_url);
RenderedDigest render_briefing(const std::string& content, const std::string& page_url);

} // namespace timesheetd
