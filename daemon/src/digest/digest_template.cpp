#include "digest/digest_template.hpp"

#include <stdexcept>

#include <kainjow/mustache.hpp>

#include "digest/templates.hpp"
#include "text/json_answer.hpp"

namespace timesheetd
{

namespace
{

using kainjow::mustache::data;
using kainjow::mustache::mustache;

data as_data(const rapidjson::Value& value)
{
    switch (value.GetType()) {
    case rapidjson::kObjectType: {
        data object(data::type::object);
        for (const auto& member : value.GetObject())
            object.set({member.name.GetString(), member.name.GetStringLength()},
                       as_data(member.value));
        return object;
    }
    case rapidjson::kArrayType: {
        data list(data::type::list);
        for (const rapidjson::Value& item : value.GetArray())
            list.push_back(as_data(item));
        return list;
    }
    case rapidjson::kStringType:
        return data(std::string(value.GetString(), value.GetStringLength()));
    case rapidjson::kTrueType:
        return data(true);
    case rapidjson::kNumberType:
        return data(std::to_string(value.GetInt64()));
    default:
        return data(false);
    }
}

// What both e-mails say of a link to the portal.
void set_portal_link(data& filling, const DigestLinks& links)
{
    filling.set("page_url", links.page);
    filling.set("is_portal", links.is_portal);
    filling.set("portal_button",
                data(kainjow::mustache::partial([] { return portal_button_html_template; })));
}

std::string filled(const char* text, const data& content, bool is_html)
{
    mustache tmpl(text);
    if (!tmpl.is_valid())
        throw std::logic_error("template: " + tmpl.error_message());
    if (!is_html) // the library escapes as HTML unless an escape function is set
        tmpl.set_custom_escape([](const std::string& plain) { return plain; });
    return tmpl.render(content);
}

rapidjson::Document parsed(const std::string& content, const char* what)
{
    rapidjson::Document document;
    if (JsonProblem why = parse_json_object(document, content, digest_document); !why.empty())
        throw std::logic_error(
            fmt::format("the content of a {} cannot be read: {}", what, why.text));
    return document;
}

// An e-mail to staff, or to a supervisor.
data filling_of(const rapidjson::Document& document, const std::string& page_url)
{
    data filling = as_data(document);
    filling.set("has_page_url", !page_url.empty());
    filling.set("page_url", page_url);
    return filling;
}

} // namespace

RenderedDigest render_digest(const std::string& content, const DigestLinks& links)
{
    data filling = as_data(parsed(content, "digest"));
    filling.set("has_page_url", !links.page.empty());
    filling.set("has_dashboard_url", !links.page.empty() && !links.is_portal);
    set_portal_link(filling, links);
    filling.set("has_unsubscribe_url", !links.unsubscribe.empty());
    filling.set("unsubscribe_url", links.unsubscribe);
    return {filled(digest_html_template, filling, true),
            filled(digest_txt_template, filling, false)};
}

RenderedDigest render_portal_link(const std::string& content, const DigestLinks& links)
{
    rapidjson::Document document = parsed(content, "link to the portal");
    data filling = as_data(document);
    set_portal_link(filling, links);
    filling.set("is_one_day", document.HasMember("days") && document["days"] == 1);
    return {filled(portal_link_html_template, filling, true),
            filled(portal_link_txt_template, filling, false)};
}

RenderedDigest render_alert(const std::string& content, const std::string& page_url)
{
    rapidjson::Document document = parsed(content, "message about alerts");
    data filling = filling_of(document, page_url);
    filling.set("has_remedy", !text_member(document, "remedy").empty());
    return {filled(alert_html_template, filling, true), filled(alert_txt_template, filling, false)};
}

RenderedDigest render_briefing(const std::string& content, const std::string& page_url)
{
    data filling = filling_of(parsed(content, "briefing"), page_url);
    return {filled(briefing_html_template, filling, true),
            filled(briefing_txt_template, filling, false)};
}

} // namespace timesheetd
