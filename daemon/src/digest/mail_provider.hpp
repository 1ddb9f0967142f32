// The services that send e-mail, behind one interface: how each is asked and what its answers mean.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "configuration/configuration.hpp"
#include "http/http_client.hpp"

namespace timesheetd
{

struct Mail {
    std::string to;
    std::string subject;
    std::string html;
    std::string text;
    std::string key;         // by which a repeated attempt is recognised, where the service does
    std::string page;        // https URL; "" for none
    std::string unsubscribe; // https or mailto URL; "" for none
    std::string content;     // the digest's content, for services with templates of their own
    std::string category = "weekly_digest"; // by which the service's log can be searched
};

enum class Outcome {
    accepted,
    refused,        // permanently; the reason is the e-mail or its recipient
    misconfigured,  // permanently; not because of the e-mail: every other would be refused too
    unexplained,    // refused, and it is not known whether the e-mail or the sender is the reason
    quota_exceeded, // not accepted now, nor would be any other
    retry,          // not accepted now
    indeterminate,  // it may have been accepted
};

// Who has to correct what a provider refused; refusal_table.cpp says which answer means which.
enum class Owner {
    none, // nothing was refused
    email,
    recipient,
    sender,        // MAIL_FROM, MAIL_REPLY_TO, MAILGUN_DOMAIN, the provider's URL
    account,       // the API key, the plan, the quota
    mail_template, // at Loops: LOOPS_TRANSACTIONAL_ID and its variables
    provider,      // it failed, or asks to wait
    unknown,
};

struct MailAnswer {
    Outcome outcome;
    std::string id;    // the service's, if it gave one
    std::string error; // one line: the fact and the remedy
    std::chrono::milliseconds wait{};
    Owner owner = Owner::none;
};

class MailProvider
{
  public:
    virtual ~MailProvider() = default;

    virtual const char* name() const = 0;
    // For how long after the first attempt another one with the same key sends nothing twice.
    virtual std::chrono::hours idempotency_window() const = 0;
    virtual HttpRequest request(const Mail& mail) const = 0;
    virtual MailAnswer read(const HttpResponse& answer) const = 0;
    // A harmless question that shows whether the key is known, and what the answer to it means in
    // words. Throws Failure if an e-mail would not be accepted.
    virtual HttpRequest probe() const = 0;
    virtual std::string probed(const HttpResponse& answer) const;
};

// The one that MAIL_PROVIDER names. Throws WrongUsage for what is not configured.
std::unique_ptr<MailProvider> mail_provider(const Configuration& configuration);

std::unique_ptr<MailProvider> resend_provider(const Configuration& configuration);
std::unique_ptr<MailProvider> loops_provider(const Configuration& configuration);
std::unique_ptr<MailProvider> mailgun_provider(const Configuration& configuration);

// List-Unsubscribe, and for https the header that makes it one click; by name and value.
std::vector<std::pair<std::string, std::string>> unsubscribe_headers(const Mail& mail);

// Not a refusal, even where the answer is another than expected: the e-mail may have been accepted.
inline bool is_success(const HttpResponse& answer)
{
    return answer.status >= 200 && answer.status < 300;
}

// What an e-mail service answers is short.
constexpr AnswerBound mail_answer(const char* service)
{
    return {service, 256 << 10, "check the provider's API URL"};
}

// The id by which the service knows the e-mail, from the answer's member "id": on one line, cut at
// 200 bytes; "" if there is none.
std::string message_id(const HttpResponse& answer);

// The member of a JSON object, if the body is one and the member a text; else "".
std::string json_text(const std::string& body, const char* member);

} // namespace timesheetd
