#include "http/api_error.hpp"

#include <fmt/format.h>

#include "text/json_answer.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr std::size_t max_quote = 200;

std::string quoted(const rapidjson::Value& object, const char* name)
{
    return one_line(text_member(object, name), max_quote);
}

} // namespace

ApiError parse_api_error(const HttpResponse& answer)
{
    ApiError error;
    error.text = std::to_string(answer.status);
    if (answer.status >= 300 && answer.status < 400)
        error.text += " (a redirect, which is not followed)";
    rapidjson::Document document;
    if (!parse_json_object(document, answer.body, short_answer).empty())
        return error;
    const rapidjson::Value* said = &document;
    auto inner = document.FindMember("error");
    auto list = document.FindMember("errors");
    if (inner != document.MemberEnd() && inner->value.IsObject())
        said = &inner->value;
    else if (list != document.MemberEnd() && list->value.IsArray() && !list->value.Empty() &&
             list->value[0].IsObject())
        said = &list->value[0];
    for (const char* name : {"code", "type", "error", "name", "path"})
        if (error.code.empty())
            error.code = quoted(*said, name);
    std::string message = quoted(*said, "message");
    if (!error.code.empty() || !message.empty())
        error.text += fmt::format(" ({}{}{})", error.code,
                                  error.code.empty() || message.empty() ? "" : ": ", message);
    return error;
}

bool is_transient_status(long status)
{
    return status == 408 || status == 429 || status >= 500;
}

} // namespace timesheetd
