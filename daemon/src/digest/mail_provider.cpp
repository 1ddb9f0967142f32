#include "digest/mail_provider.hpp"

#include <algorithm>
#include <cctype>

#include "http/api_error.hpp"
#include "process/failure.hpp"
#include "text/json_answer.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

std::unique_ptr<MailProvider> mail_provider(const Configuration& configuration)
{
    configuration.require({"MAIL_PROVIDER"});
    const std::string& name = configuration.text("MAIL_PROVIDER");
    if (name == "resend")
        return resend_provider(configuration);
    if (name == "loops")
        return loops_provider(configuration);
    return mailgun_provider(configuration);
}

MailAnswer usual_answer(const char* service, const HttpResponse& answer)
{
    ApiError error = parse_api_error(answer);
    std::string fact = fmt::format("{} answered {}", service, error.text);
    std::string variables = service;
    std::transform(variables.begin(), variables.end(), variables.begin(),
                   [](unsigned char c) { return std::toupper(c); });
    if (answer.status == 401 || answer.status == 403)
        return {Outcome::misconfigured, "",
                fmt::format("{}; check {}_API_KEY and MAIL_FROM", fact, variables)};
    if ((answer.status >= 300 && answer.status < 400) || answer.status == 404 ||
        answer.status == 405)
        return {Outcome::misconfigured, "", fmt::format("{}; check {}_API_URL", fact, variables)};
    if (answer.status == 429)
        return {Outcome::retry, "", fact, answer.retry_after};
    if (is_transient_status(answer.status))
        return {Outcome::indeterminate, "", fact, answer.retry_after};
    return {Outcome::refused, "",
            fact + "; correct that and send it again with "
                   "timesheet.resend_digest()"};
}

std::string MailProvider::probed(const HttpResponse& answer) const
{
    std::string fact = fmt::format("{} answered {}", name(), parse_api_error(answer).text);
    if (answer.status == 401 || answer.status == 403)
        throw Failure(fact + "; check its API key");
    if (answer.status != 200)
        throw Failure(fmt::format("{}; {}", fact,
                                  is_transient_status(answer.status) ? "try again later"
                                                                     : "check its API URL"));
    return fmt::format("{} answers and accepts the key", name());
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

std::string message_id(const HttpResponse& answer)
{
    constexpr std::size_t max_id = 200;
    return one_line(json_text(answer.body, "id"), max_id);
}

std::string json_text(const std::string& body, const char* name)
{
    rapidjson::Document document;
    if (!parse_json_object(document, body, digest_document).empty())
        return "";
    return text_member(document, name);
}

} // namespace timesheetd
