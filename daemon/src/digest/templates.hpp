// templates/*.mustache, embedded by embed_templates.sh.
#pragma once

namespace timesheetd
{

extern const char* const alert_html_template;
extern const char* const alert_txt_template;
extern const char* const briefing_html_template;
extern const char* const briefing_txt_template;
extern const char* const digest_html_template;
extern const char* const digest_txt_template;
extern const char* const portal_button_html_template; // a part of others
extern const char* const portal_link_html_template;
extern const char* const portal_link_txt_template;

} // namespace timesheetd
