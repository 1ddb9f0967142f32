#include "digest/refusal_table.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string_view>

#include "http/api_error.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

using std::chrono::hours;

constexpr hours until_tomorrow{24};
constexpr hours until_next_hour{1};
constexpr int any = 0;

struct Row {
    std::string_view provider; // "": each of them
    int first_status;          // `any`: 400 to 499
    int last_status;
    std::string_view code;  // the error's, in lower case, or its first part before a dot; "": any
    std::string_view words; // what the answer's text contains, in lower case; "": any
    Owner owner;
    Outcome outcome;
    const char* remedy; // {NAME}: the provider's name as the variables have it
    hours wait{0};
};

// The first row that matches decides. No row is about both a recipient and the sender: what is not
// certain is left to the last one. A server's failure comes first, as it is never a clear refusal.
constexpr Row rows[] = {
    {"", 500, 999, "", "", Owner::provider, Outcome::indeterminate, ""},
    {"", 408, 408, "", "", Owner::provider, Outcome::indeterminate, ""},

    // Resend
    {"resend", any, any, "daily_quota_exceeded", "", Owner::account, Outcome::quota_exceeded,
     "raise the quota of the account of RESEND_API_KEY at Resend", until_tomorrow},
    {"resend", any, any, "monthly_quota_exceeded", "", Owner::account, Outcome::quota_exceeded,
     "raise the quota of the account of RESEND_API_KEY at Resend", until_tomorrow},
    {"resend", any, any, "missing_api_key", "", Owner::account, Outcome::misconfigured,
     "check RESEND_API_KEY"},
    {"resend", any, any, "invalid_api_key", "", Owner::account, Outcome::misconfigured,
     "check RESEND_API_KEY"},
    {"resend", any, any, "restricted_api_key", "", Owner::account, Outcome::misconfigured,
     "check RESEND_API_KEY"},
    {"resend", any, any, "validation_error", "api key is invalid", Owner::account,
     Outcome::misconfigured, "check RESEND_API_KEY"},
    {"resend", 403, 403, "invalid_to_address", "", Owner::account, Outcome::misconfigured,
     "verify a domain at Resend and use it in MAIL_FROM"},
    {"resend", any, any, "", "only send testing emails", Owner::account, Outcome::misconfigured,
     "verify a domain at Resend and use it in MAIL_FROM"},
    {"resend", any, any, "", "domain is not verified", Owner::sender, Outcome::misconfigured,
     "check MAIL_FROM, whose domain has to be verified at Resend"},
    {"resend", any, any, "invalid_from_address", "", Owner::sender, Outcome::misconfigured,
     "check MAIL_FROM"},
    {"resend", any, any, "", "`from`", Owner::sender, Outcome::misconfigured, "check MAIL_FROM"},
    {"resend", any, any, "", "`reply_to`", Owner::sender, Outcome::misconfigured,
     "check MAIL_REPLY_TO"},
    {"resend", any, any, "", "`replyto`", Owner::sender, Outcome::misconfigured,
     "check MAIL_REPLY_TO"},
    {"resend", any, any, "", "`to`", Owner::recipient, Outcome::refused, send_again},
    {"resend", any, any, "", "`subject`", Owner::email, Outcome::refused, send_again},
    {"resend", any, any, "", "`html`", Owner::email, Outcome::refused, send_again},
    {"resend", any, any, "", "`text`", Owner::email, Outcome::refused, send_again},

    // Mailgun
    {"mailgun", any, any, "", "limit exceeded", Owner::account, Outcome::quota_exceeded,
     "raise the limit of MAILGUN_DOMAIN at Mailgun, or wait until it is over", until_next_hour},
    {"mailgun", any, any, "", ") exceeded", Owner::account, Outcome::quota_exceeded,
     "raise the limit of MAILGUN_DOMAIN at Mailgun, or wait until it is over", until_next_hour},
    {"mailgun", 420, 420, "", "", Owner::account, Outcome::quota_exceeded,
     "raise the limit of MAILGUN_DOMAIN at Mailgun, or wait until it is over", until_next_hour},
    {"mailgun", any, any, "", "test purposes only", Owner::account, Outcome::misconfigured,
     "set MAILGUN_DOMAIN to a verified domain of a paid account, or add the contacts to the "
     "authorized recipients at Mailgun"},
    {"mailgun", any, any, "", "authorized recipients", Owner::account, Outcome::misconfigured,
     "set MAILGUN_DOMAIN to a verified domain of a paid account, or add the contacts to the "
     "authorized recipients at Mailgun"},
    {"mailgun", any, any, "", "domain is unverified", Owner::account, Outcome::misconfigured,
     "verify MAILGUN_DOMAIN at Mailgun"},
    {"mailgun", any, any, "", "activate your mailgun account", Owner::account,
     Outcome::misconfigured, "activate the account of MAILGUN_API_KEY at Mailgun"},
    {"mailgun", any, any, "", "is not allowed to send", Owner::account, Outcome::misconfigured,
     "check MAILGUN_DOMAIN and the account at Mailgun"},
    {"mailgun", any, any, "", "rejected: ip", Owner::account, Outcome::misconfigured,
     "check at Mailgun which IP addresses may use MAILGUN_API_KEY"},
    {"mailgun", 404, 404, "", "", Owner::sender, Outcome::misconfigured,
     "check MAILGUN_DOMAIN and MAILGUN_API_URL (https://api.eu.mailgun.net for domains in the EU)"},
    {"mailgun", any, any, "", "from parameter", Owner::sender, Outcome::misconfigured,
     "check MAIL_FROM"},
    {"mailgun", any, any, "", "'from' parameter", Owner::sender, Outcome::misconfigured,
     "check MAIL_FROM"},
    {"mailgun", any, any, "", "reply-to", Owner::sender, Outcome::misconfigured,
     "check MAIL_REPLY_TO"},
    {"mailgun", any, any, "", "to parameter", Owner::recipient, Outcome::refused, send_again},
    {"mailgun", any, any, "", "'to' parameter", Owner::recipient, Outcome::refused, send_again},
    {"mailgun", any, any, "", "subject parameter", Owner::email, Outcome::refused, send_again},
    {"mailgun", any, any, "", "need at least one of", Owner::email, Outcome::refused, send_again},
    {"mailgun", any, any, "", "16 kb total", Owner::email, Outcome::refused, send_again},

    // Loops
    {"loops", any, any, "transactionalid", "", Owner::mail_template, Outcome::misconfigured,
     "check LOOPS_TRANSACTIONAL_ID"},
    {"loops", any, any, "", "transactional email", Owner::mail_template, Outcome::misconfigured,
     "check LOOPS_TRANSACTIONAL_ID and the template at Loops"},
    {"loops", any, any, "datavariables", "", Owner::mail_template, Outcome::misconfigured,
     "the template of LOOPS_TRANSACTIONAL_ID may use the variables that docs/loops.md lists and no "
     "other"},
    {"loops", any, any, "", "data variable", Owner::mail_template, Outcome::misconfigured,
     "the template of LOOPS_TRANSACTIONAL_ID may use the variables that docs/loops.md lists and no "
     "other"},
    {"loops", any, any, "email", "", Owner::recipient, Outcome::refused, send_again},
    {"loops", any, any, "", "invalid email address", Owner::recipient, Outcome::refused,
     send_again},

    // Each of them
    {"", 300, 399, "", "", Owner::sender, Outcome::misconfigured, "check {NAME}_API_URL"},
    {"", 401, 401, "", "", Owner::account, Outcome::misconfigured, "check {NAME}_API_KEY"},
    {"", 402, 402, "", "", Owner::account, Outcome::misconfigured,
     "check the plan and the payment of the account of {NAME}_API_KEY"},
    {"", 403, 403, "", "", Owner::account, Outcome::misconfigured,
     "check {NAME}_API_KEY, its rights and MAIL_FROM"},
    {"", 404, 405, "", "", Owner::sender, Outcome::misconfigured, "check {NAME}_API_URL"},
    {"", 413, 413, "", "", Owner::email, Outcome::refused, send_again},
    {"", 429, 429, "", "", Owner::provider, Outcome::retry, ""},
};

std::string cased(std::string text, int (*to)(int))
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [&](unsigned char c) { return static_cast<char>(to(c)); });
    return text;
}

// "422 (validation_error: …)"; a text without JSON is quoted if it is short.
std::string quoted(const ApiError& error, const std::string& body)
{
    constexpr std::size_t max_quote = 200;
    std::string text = one_line(body);
    bool is_plain = !text.empty() && text.size() <= max_quote && text[0] != '<' && text[0] != '{' &&
                    text[0] != '[';
    return error.code.empty() && is_plain && error.text.back() != ')'
               ? fmt::format("{} ({})", error.text, text)
               : error.text;
}

bool matches(const Row& row, const std::string& provider, long status, const std::string& code,
             const std::string& text)
{
    long first = row.first_status == any ? 400 : row.first_status;
    long last = row.first_status == any ? 499 : row.last_status;
    return (row.provider.empty() || row.provider == provider) && status >= first &&
           status <= last && (row.code.empty() || row.code == code.substr(0, code.find('.'))) &&
           text.find(row.words) != std::string::npos;
}

} // namespace

MailAnswer read_refusal(const std::string& provider, const HttpResponse& answer)
{
    ApiError error = parse_api_error(answer);
    std::string text = quoted(error, answer.body);
    std::string service = provider;
    service[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(service[0])));

    MailAnswer refusal;
    refusal.outcome = Outcome::unexplained;
    refusal.owner = Owner::unknown;
    refusal.error = fmt::format("{} answered {}", service, text);
    refusal.wait = answer.retry_after;
    std::string code = cased(error.code, std::tolower);
    std::string lower = cased(text, std::tolower);
    const auto* row = std::find_if(std::begin(rows), std::end(rows), [&](const Row& it) {
        return matches(it, provider, answer.status, code, lower);
    });
    if (row == std::end(rows))
        return refusal;
    refusal.outcome = row->outcome;
    refusal.owner = row->owner;
    refusal.wait = std::max<std::chrono::milliseconds>(answer.retry_after, row->wait);
    if (*row->remedy != '\0')
        refusal.error += "; " + fmt::format(fmt::runtime(row->remedy),
                                            fmt::arg("NAME", cased(provider, std::toupper)));
    return refusal;
}

} // namespace timesheetd
