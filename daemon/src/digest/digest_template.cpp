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

} // namespace

RenderedDigest render_digest(const std::string& content, const DigestLinks& links)
{
    rapidjson::Document document;
    if (JsonProblem why = parse_json_object(document, content, digest_document); !why.empty())
        throw std::logic_error(fmt::format("a digest's content cannot be read: {}", why.text));
    data filling = as_data(document);
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
    rapidjson::Document document;
    if (JsonProblem why = parse_json_object(document, content, digest_document); !why.empty())
        throw std::logic_error(fmt::format("a link's content cannot be read: {}", why.text));
    data filling = as_data(document);
    set_portal_link(filling, links);
    filling.set("is_one_day", document.HasMember("days") && document["days"] == 1);
    return {filled(portal_link_html_template, filling, true),
            filled(portal_link_txt_template, filling, false)};
}

} // namespace timesheetd
