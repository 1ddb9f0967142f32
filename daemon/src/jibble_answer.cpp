#include "jibble_answer.hpp"

#include <fmt/format.h>

#include "json_prelude.hpp"
#include "utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr std::size_t longest_quote = 200;
constexpr std::size_t largest_error = 256 << 10;

std::string text_member(const rapidjson::Value& object, const char* name)
{
    auto member = object.FindMember(name);
    if (member == object.MemberEnd() || !member->value.IsString())
        return "";
    return one_line({member->value.GetString(), member->value.GetStringLength()}, longest_quote);
}

} // namespace

JibbleError jibble_error(const HttpResponse& answer)
{
    JibbleError error;
    error.text = std::to_string(answer.status);
    if (answer.status >= 300 && answer.status < 400)
        error.text += " (a redirect, which is not followed)";
    if (answer.body.size() > largest_error)
        return error;
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(answer.body.data(), answer.body.size());
    if (document.HasParseError() || !document.IsObject() || !document.HasMember("error"))
        return error;
    std::string message;
    const rapidjson::Value& member = document["error"];
    if (member.IsObject()) {
        error.code = text_member(member, "code");
        message = text_member(member, "message");
    } else {
        error.code = text_member(document, "error");
    }
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
