#include "digest/mail_provider.hpp"

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
