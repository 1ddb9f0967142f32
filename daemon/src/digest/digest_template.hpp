// The digest as people read it: its content filled into the templates.
#pragma once

#include <string>

namespace timesheetd
{

struct DigestLinks {
    std::string page;        // "" for none
    std::string unsubscribe; // https or mailto; "" for none
};

struct RenderedDigest {
    std::string html; // everything from elsewhere is escaped
    std::string text;
};

// `content` is what timesheet.digest_content() gives. Throws std::logic_error for what is not JSON.
RenderedDigest render_digest(const std::string& content, const DigestLinks& links);

} // namespace timesheetd
