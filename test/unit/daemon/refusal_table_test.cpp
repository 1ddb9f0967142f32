// Each answer of a provider that is known, as its documentation or its users give it: whose fault
// it is, what follows, and what the message names.
#include "digest/refusal_table.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

using namespace timesheetd;
using std::chrono::hours;

namespace
{

struct Answer {
    long status;
    std::string body;
    Owner owner;
    Outcome outcome;
    std::string names;
    std::chrono::milliseconds wait{};
};

MailAnswer read(const char* by, long status, const std::string& body)
{
    HttpResponse response;
    response.status = status;
    response.body = body;
    return read_refusal(by, response);
}

void expect(const char* by, const std::vector<Answer>& answers)
{
    for (const Answer& it : answers) {
        MailAnswer answer = read(by, it.status, it.body);
        std::string what = fmt::format("{} {} {}: {}", by, it.status, it.body, answer.error);
        EXPECT_EQ(answer.owner, it.owner) << what;
        EXPECT_EQ(answer.outcome, it.outcome) << what;
        EXPECT_NE(answer.error.find(it.names), std::string::npos) << what << " names " << it.names;
        EXPECT_EQ(answer.wait, it.wait) << what;
    }
}

std::string resend(const char* name, const char* message)
{
    return fmt::format(R"({{"statusCode":422,"name":"{}","message":"{}"}})", name, message);
}

std::string message(const std::string& text)
{
    return fmt::format(R"({{"message":"{}"}})", text);
}

std::string not_allowed(const char* why)
{
    return message(std::string("Domain mg.example.com is not allowed to send: ") + why);
}

} // namespace

TEST(RefusalTable, ResendsAccount)
{
    const char* own = "You can only send testing emails to your own email address "
                      "(me@example.com). To send emails to other recipients, please verify a "
                      "domain at resend.com/domains, and change the `from` address";
    expect("resend",
           {{401, resend("missing_api_key", "Missing API key"), Owner::account,
             Outcome::misconfigured, "check RESEND_API_KEY"},
            {403, resend("invalid_api_key", "API key is invalid."), Owner::account,
             Outcome::misconfigured, "check RESEND_API_KEY"},
            {400, resend("validation_error", "API key is invalid"), Owner::account,
             Outcome::misconfigured, "check RESEND_API_KEY"},
            {401, resend("restricted_api_key", "This API key is restricted to only send emails"),
             Owner::account, Outcome::misconfigured, "check RESEND_API_KEY"},
            {429, resend("daily_quota_exceeded", "You have reached your daily quota."),
             Owner::account, Outcome::quota_exceeded, "RESEND_API_KEY", hours(24)},
            {429, resend("monthly_quota_exceeded", "You have reached your monthly quota."),
             Owner::account, Outcome::quota_exceeded, "RESEND_API_KEY", hours(24)},
            {403, resend("validation_error", own), Owner::account, Outcome::misconfigured,
             "use it in MAIL_FROM"},
            {403, resend("invalid_to_address", "You can only send to yourself."), Owner::account,
             Outcome::misconfigured, "use it in MAIL_FROM"},
            {422, resend("invalid_to_address", "The recipient is not valid."), Owner::unknown,
             Outcome::unexplained, "The recipient is not valid."}, // perhaps of one alone
            {402, "{}", Owner::account, Outcome::misconfigured, "RESEND_API_KEY"},
            {403, "error code: 1010", Owner::account, Outcome::misconfigured,
             "403 (error code: 1010); check RESEND_API_KEY, its rights and MAIL_FROM"}});
}

TEST(RefusalTable, ResendsSender)
{
    expect("resend", {{403, resend("validation_error", "The example.com domain is not verified."),
                       Owner::sender, Outcome::misconfigured, "check MAIL_FROM"},
                      {422, resend("invalid_from_address", "The from address is not valid."),
                       Owner::sender, Outcome::misconfigured, "check MAIL_FROM"},
                      {422, resend("validation_error", "Invalid `from` field."), Owner::sender,
                       Outcome::misconfigured, "Invalid `from` field.); check MAIL_FROM"},
                      {422, resend("missing_required_field", "Missing `from` field."),
                       Owner::sender, Outcome::misconfigured, "check MAIL_FROM"},
                      {422, resend("validation_error", "Invalid `reply_to` field."), Owner::sender,
                       Outcome::misconfigured, "check MAIL_REPLY_TO"},
                      {422, resend("validation_error", "Invalid `replyTo` field."), Owner::sender,
                       Outcome::misconfigured, "check MAIL_REPLY_TO"},
                      {404, resend("not_found", "The requested endpoint does not exist."),
                       Owner::sender, Outcome::misconfigured, "check RESEND_API_URL"},
                      {405, resend("method_not_allowed", "Method is not allowed."), Owner::sender,
                       Outcome::misconfigured, "check RESEND_API_URL"},
                      {301, "", Owner::sender, Outcome::misconfigured, "check RESEND_API_URL"}});
}

TEST(RefusalTable, ResendsRecipientEmailAndProvider)
{
    expect("resend",
           {{422, resend("validation_error", "Invalid `to` field. It needs to follow a format."),
             Owner::recipient, Outcome::refused, "timesheet.resend_digest()"},
            {422, resend("validation_error", "Missing `html` or `text` field."), Owner::email,
             Outcome::refused, "timesheet.resend_digest()"},
            {422, resend("validation_error", "The `text` must be a string."), Owner::email,
             Outcome::refused, "timesheet.resend_digest()"},
            {422, resend("missing_required_field", "Missing `subject` field."), Owner::email,
             Outcome::refused, "timesheet.resend_digest()"},
            {413, "", Owner::email, Outcome::refused, "timesheet.resend_digest()"},
            {429, resend("rate_limit_exceeded", "Too many requests."), Owner::provider,
             Outcome::retry, "Too many requests"},
            {408, "", Owner::provider, Outcome::indeterminate, "408"},
            {500, resend("application_error", "An unexpected error occurred."), Owner::provider,
             Outcome::indeterminate, "unexpected"},
            // It may be about one e-mail or about the account.
            {451, resend("security_error", "We may have found a security issue."), Owner::unknown,
             Outcome::unexplained, "security issue"},
            {422, resend("validation_error", "Tags should only contain ASCII letters."),
             Owner::unknown, Outcome::unexplained, "Tags"},
            {400, "", Owner::unknown, Outcome::unexplained, "Resend answered 400"}});
}

TEST(RefusalTable, MailgunsAccount)
{
    const char* authorize = "Please upgrade or add the address to authorized recipients in Account";
    expect("mailgun",
           {{401, "Forbidden", Owner::account, Outcome::misconfigured,
             "401 (Forbidden); check MAILGUN_API_KEY"},
            {402, "{}", Owner::account, Outcome::misconfigured, "MAILGUN_API_KEY"},
            {403, message("Forbidden"), Owner::account, Outcome::misconfigured,
             "check MAILGUN_API_KEY"},
            {400, not_allowed("Free accounts are for test purposes only. Please upgrade"),
             Owner::account, Outcome::misconfigured, "MAILGUN_DOMAIN"},
            {403, not_allowed("Sandbox subdomains are for test purposes only."), Owner::account,
             Outcome::misconfigured, "authorized recipients at Mailgun"},
            {400, message(authorize), Owner::account, Outcome::misconfigured, "MAILGUN_DOMAIN"},
            {400, not_allowed("The domain is unverified and requires DNS configuration."),
             Owner::account, Outcome::misconfigured, "verify MAILGUN_DOMAIN"},
            {400, not_allowed("Please activate your Mailgun account."), Owner::account,
             Outcome::misconfigured, "activate the account of MAILGUN_API_KEY"},
            {403, not_allowed("the account is disabled"), Owner::account, Outcome::misconfigured,
             "check MAILGUN_DOMAIN and the account"},
            {403, message("Rejected: IP 192.0.2.1 can’t be used to send the message"),
             Owner::account, Outcome::misconfigured, "IP addresses"},
            {420, not_allowed("recipient limit exceeded, try again after Mon"), Owner::account,
             Outcome::quota_exceeded, "raise the limit of MAILGUN_DOMAIN", hours(1)},
            {420, "", Owner::account, Outcome::quota_exceeded, "raise the limit of MAILGUN_DOMAIN",
             hours(1)},
            {429, not_allowed("request limit exceeded, try again after Mon"), Owner::account,
             Outcome::quota_exceeded, "raise the limit of MAILGUN_DOMAIN", hours(1)},
            {429, not_allowed("daily request limit (100) exceeded"), Owner::account,
             Outcome::quota_exceeded, "raise the limit of MAILGUN_DOMAIN", hours(1)}});
}

TEST(RefusalTable, MailgunsSender)
{
    expect("mailgun",
           {{400, message("from parameter is not a valid address. please check documentation"),
             Owner::sender, Outcome::misconfigured, "documentation); check MAIL_FROM"},
            {400, message("'from' parameter is not a valid address. please check documentation"),
             Owner::sender, Outcome::misconfigured, "check MAIL_FROM"},
            {400, message("from parameter is missing"), Owner::sender, Outcome::misconfigured,
             "check MAIL_FROM"},
            {400, message("h:Reply-To parameter is not a valid address"), Owner::sender,
             Outcome::misconfigured, "check MAIL_REPLY_TO"},
            {404, message("Domain not found: mg.example.com"), Owner::sender,
             Outcome::misconfigured, "check MAILGUN_DOMAIN and MAILGUN_API_URL"},
            {404, "404 page not found", Owner::sender, Outcome::misconfigured,
             "404 (404 page not found); check MAILGUN_DOMAIN"},
            {405, "", Owner::sender, Outcome::misconfigured, "check MAILGUN_API_URL"},
            {302, "", Owner::sender, Outcome::misconfigured, "check MAILGUN_API_URL"}});
}

TEST(RefusalTable, MailgunsRecipientEmailAndProvider)
{
    expect(
        "mailgun",
        {{400, message("to parameter is not a valid address. please check documentation"),
          Owner::recipient, Outcome::refused, "timesheet.resend_digest()"},
         {400, message("'to' parameter is not a valid address. please check documentation"),
          Owner::recipient, Outcome::refused, "timesheet.resend_digest()"},
         {400, message("subject parameter is missing"), Owner::email, Outcome::refused,
          "timesheet.resend_digest()"},
         {400, message("Need at least one of 'text' or 'html' parameters specified"), Owner::email,
          Outcome::refused, "timesheet.resend_digest()"},
         {400,
          message("Send options (parameters starting with o:, h:, or v:) are limited to "
                  "16 kB total"),
          Owner::email, Outcome::refused, "timesheet.resend_digest()"},
         {413, message("request size exceeds 52.4MiB limit"), Owner::email, Outcome::refused,
          "timesheet.resend_digest()"},
         {429, message("Too many requests"), Owner::provider, Outcome::retry, "Too many"},
         {500, message("from parameter is broken"), Owner::provider, Outcome::indeterminate, "500"},
         {400, message("Header name must be pure ASCII: x"), Owner::unknown, Outcome::unexplained,
          "pure ASCII"}});
}

TEST(RefusalTable, LoopsOwners)
{
    auto path = [](const char* path, const char* text) {
        return fmt::format(R"({{"success":false,"path":"{}","message":"{}"}})", path, text);
    };
    auto nested = [](const char* path, const char* text) {
        return fmt::format(R"({{"success":false,"error":{{"path":"{}","message":"{}"}}}})", path,
                           text);
    };
    expect(
        "loops",
        {{401, R"({"error":"Invalid API key"})", Owner::account, Outcome::misconfigured,
          "401 (Invalid API key); check LOOPS_API_KEY"},
         {402, "{}", Owner::account, Outcome::misconfigured, "LOOPS_API_KEY"},
         {404, nested("transactionalId", "Transactional email not found"), Owner::mail_template,
          Outcome::misconfigured, "check LOOPS_TRANSACTIONAL_ID"},
         {400, path("transactionalId", "Missing required field"), Owner::mail_template,
          Outcome::misconfigured, "check LOOPS_TRANSACTIONAL_ID"},
         {400, path("", "This transactional email contains a contact property. It cannot be sent."),
          Owner::mail_template, Outcome::misconfigured, "check LOOPS_TRANSACTIONAL_ID"},
         {400, nested("dataVariables.total", "Missing required data variable."),
          Owner::mail_template, Outcome::misconfigured, "docs/loops.md"},
         {400, path("dataVariables", "Must be an object."), Owner::mail_template,
          Outcome::misconfigured, "LOOPS_TRANSACTIONAL_ID"},
         {400, message("A data variable is missing"), Owner::mail_template, Outcome::misconfigured,
          "docs/loops.md"},
         {400, path("email", "Invalid email address"), Owner::recipient, Outcome::refused,
          "timesheet.resend_digest()"},
         {400, message("Invalid email address"), Owner::recipient, Outcome::refused,
          "timesheet.resend_digest()"},
         {404, message("Not found"), Owner::sender, Outcome::misconfigured, "check LOOPS_API_URL"},
         {405, "{}", Owner::sender, Outcome::misconfigured, "check LOOPS_API_URL"},
         {413, "", Owner::email, Outcome::refused, "timesheet.resend_digest()"},
         {429, R"({"success":false,"message":"Rate limit exceeded"})", Owner::provider,
          Outcome::retry, "Rate limit"},
         {503, "", Owner::provider, Outcome::indeterminate, "503"},
         // Not the recipient's, though it begins with the same word.
         {400, R"({"error":"Email sending is suspended"})", Owner::unknown, Outcome::unexplained,
          "suspended"}});
}

TEST(RefusalTable, QuotesNoPageOfAProxy)
{
    std::string error = read("mailgun", 404, "<html><body>nginx</body></html>").error;
    EXPECT_EQ(error.find("html"), std::string::npos) << error;
    EXPECT_EQ(read("resend", 400, std::string(1000, 'x')).error, "Resend answered 400");
}
