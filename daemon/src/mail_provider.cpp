#include "mail_provider.hpp"

#include "json_prelude.hpp"
#include "service_answer.hpp"

namespace timesheetd
{

bool MailProvider::is_key_refused(const HttpResponse& answer) const
{
    return answer.status == 401 || answer.status == 403;
}

std::unique_ptr<MailProvider> mail_provider(const Configuration& configuration)
{
    configuration.demand({"MAIL_PROVIDER"});
    const std::string& name = configuration.text("MAIL_PROVIDER");
    if (name == "resend")
        return resend_provider(configuration);
    if (name == "loops")
        return loops_provider(configuration);
    return mailgun_provider(configuration);
}

MailAnswer usual_answer(const char* service, const HttpResponse& answer, const char* key_variable)
{
    ServiceError error = service_error(answer);
    std::string fact = fmt::format("{} answered {}", service, error.text);
    if (answer.status == 401 || answer.status == 403)
        return {Outcome::misconfigured, "",
                fmt::format("{}; check {} and MAIL_FROM", fact, key_variable)};
    if (answer.status == 429)
        return {Outcome::again, "", fact, answer.asked_wait};
    if (is_transient_status(answer.status))
        return {Outcome::unclear, "", fact, answer.asked_wait};
    return {Outcome::refused, "",
            fact + "; correct that and send it again with "
                   "timesheet.resend_digest()"};
}

std::vector<std::pair<std::string, std::string>> unsubscribe_headers(const Mail& mail)
{
    if (mail.unsubscribe.empty())
        return {};
    std::vector<std::pair<std::string, std::string>> headers{
        {"List-Unsubscribe", "<" + mail.unsubscribe + ">"}};
    if (mail.unsubscribe.substr(0, 4) == "http")
        headers.emplace_back("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    return headers;
}

std::string json_text(const std::string& body, const char* name)
{
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
    if (document.HasParseError() || !document.IsObject())
        return "";
    auto member = document.FindMember(name);
    if (member == document.MemberEnd() || !member->value.IsString())
        return "";
    return {member->value.GetString(), member->value.GetStringLength()};
}

} // namespace timesheetd
