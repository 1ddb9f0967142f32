#include "configuration/configuration.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <CLI/CLI.hpp>

#include "configuration/address_list.hpp"
#include "configuration/configuration_file.hpp"
#include "http/secret_url.hpp"
#include "http/service_url.hpp"
#include "postgres/database_url.hpp"
#include "process/failure.hpp"
#include "process/log.hpp"
#include "process/scrubber.hpp"

namespace timesheetd
{

namespace
{

// A bearer is a secret that is sent in a header unchanged; a segment is part of a URL's path; a
// secret_url is a secret as a whole.
enum class Kind {
    text,
    secret,
    bearer,
    segment,
    database,
    url,
    secret_url,
    addresses,
    integer,
    decimal,
    choice
};

struct Variable {
    const char* name;
    Kind kind;
    const char* fallback;    // "" for none
    const char* what;        // for --help
    const char* remedy = ""; // where to get a missing value, or what to give in its place
    const char* unit = "";   // of a number
    double least = 0;        // of a number
    double most = 0;
    const char* choices = "";
    bool is_required = false; // by nearly every command
};

Variable required(const char* name, Kind kind, const char* what, const char* remedy)
{
    return {name, kind, "", what, remedy, "", 0, 0, "", true};
}

Variable integer(const char* name, const char* fallback, const char* what, const char* unit,
                 double least, double most)
{
    return {name, Kind::integer, fallback, what, "", unit, least, most};
}

Variable choice(const char* name, const char* fallback, const char* what, const char* choices)
{
    return {name, Kind::choice, fallback, what, "", "", 0, 0, choices};
}

constexpr const char* airtable_tokens =
    "create a personal access token in Airtable with the scope data.records:read";
constexpr const char* portal_secrets = "make one with: openssl rand -base64 33";
constexpr const char* api_keys = "create API credentials in Jibble under Organization Settings";

// All that timesheetd reads, in the order of --help.
const Variable variables[] = {
    required("DATABASE_URL", Kind::database, "the PostgreSQL database, as a libpq URI",
             "give postgresql://USER:PASSWORD@HOST:PORT/DATABASE"),
    required("JIBBLE_CLIENT_ID", Kind::text, "Jibble's API credentials: the client id", api_keys),
    required("JIBBLE_CLIENT_SECRET", Kind::secret, "Jibble's API credentials: the secret",
             api_keys),
    {"JIBBLE_IDENTITY_URL", Kind::url, "https://identity.prod.jibble.io", "where tokens come from"},
    {"JIBBLE_WORKSPACE_URL", Kind::url, "https://workspace.prod.jibble.io",
     "where people, groups and activities come from"},
    {"JIBBLE_TIME_TRACKING_URL", Kind::url, "https://time-tracking.prod.jibble.io",
     "where time entries come from"},
    {"JIBBLE_TIME_ATTENDANCE_URL", Kind::url, "https://time-attendance.prod.jibble.io",
     "where the timesheets of the audit come from"},
    integer("SYNC_INTERVAL", "300", "seconds from one poll of the service to the next", "seconds",
            1, 86400),
    integer("SYNC_LOOKBACK_DAYS", "3", "days that each poll reads again", "days", 0, 366),
    integer("JIBBLE_PAGE_SIZE", "1000", "rows that are asked for at once", "rows", 1, 1000),
    {"JIBBLE_REQUESTS_PER_SECOND", Kind::decimal, "3", "requests per second at most", "",
     "requests per second", 0.001, 1e6},
    {"AIRTABLE_TOKEN", Kind::bearer, "", "Airtable: a personal access token", airtable_tokens},
    {"AIRTABLE_BASE_ID", Kind::segment, "", "Airtable: the base that lists the contacts",
     "it begins with app and is part of the base's address"},
    {"AIRTABLE_TABLE", Kind::segment, "Clients", "Airtable: the table in it"},
    {"AIRTABLE_API_URL", Kind::url, "https://api.airtable.com", "Airtable: the address of its API"},
    {"AIRTABLE_EMAIL_FIELD", Kind::text, "Email", "Airtable: the field with the e-mail address"},
    {"AIRTABLE_GROUP_FIELD", Kind::text, "Jibble Group ID",
     "Airtable: the field with the ids of Jibble groups"},
    {"AIRTABLE_SUPERVISOR_FIELD", Kind::text, "",
     "Airtable: the field with who gets a client's part of the morning briefing"},
    choice("MAIL_PROVIDER", "", "who sends the e-mails", "resend, loops, mailgun"),
    {"MAIL_FROM", Kind::text, "", "the sender of e-mails, as NAME <ADDRESS> or an address",
     "give an address at a domain that the provider has verified"},
    {"MAIL_REPLY_TO", Kind::text, "", "the address that replies go to"},
    {"MAIL_PAGE_URL", Kind::url, "", "the dashboard, for the link in a digest"},
    {"MAIL_UNSUBSCRIBE_URL", Kind::url, "", "where the link to unsubscribe leads"},
    {"PORTAL_URL", Kind::url, "", "the clients' portal, which digests then link to instead",
     "give its address, such as https://hours.example.com/portal"},
    {"PORTAL_SECRET", Kind::secret, "",
     "what the portal's links are made with, at least 32 characters", portal_secrets},
    {"ALERT_EMAILS", Kind::addresses, "",
     "who hears of trouble and gets the morning briefing: addresses with commas"},
    {"ALERT_WEBHOOK_URL", Kind::secret_url, "",
     "where trouble is posted to: a webhook of Slack, of Teams or of anything else"},
    {"HEARTBEAT_URL", Kind::secret_url, "",
     "what is asked after each read that worked, of a service that hears when it stops"},
    {"RESEND_API_KEY", Kind::bearer, "", "Resend: the API key",
     "create one in Resend under API Keys"},
    {"RESEND_API_URL", Kind::url, "https://api.resend.com", "Resend: the address of its API"},
    {"LOOPS_API_KEY", Kind::bearer, "", "Loops: the API key",
     "create one in Loops under Settings, API"},
    {"LOOPS_TRANSACTIONAL_ID", Kind::text, "", "Loops: the id of the transactional e-mail",
     "Loops shows it with the transactional e-mail"},
    {"LOOPS_API_URL", Kind::url, "https://app.loops.so", "Loops: the address of its API"},
    {"MAILGUN_API_KEY", Kind::secret, "", "Mailgun: the API key",
     "create one in Mailgun under API Security"},
    {"MAILGUN_DOMAIN", Kind::segment, "", "Mailgun: the domain that sends",
     "give the sending domain that Mailgun has verified"},
    {"MAILGUN_API_URL", Kind::url, "https://api.mailgun.net", "Mailgun: the address of its API"},
    choice("LOG_LEVEL", "info", "what is logged", "trace, debug, info, warning, error"),
    choice("LOG_FORMAT", "text", "how log lines look", "text, json"),
};

const Variable* find_variable(const std::string& name)
{
    auto found = std::find_if(std::begin(variables), std::end(variables),
                              [&](const Variable& v) { return name == v.name; });
    return found == std::end(variables) ? nullptr : found;
}

const Variable& variable(const std::string& name)
{
    if (const Variable* found = find_variable(name))
        return *found;
    throw std::logic_error("no such variable: " + name);
}

std::string remedy_of(const Variable& v)
{
    return *v.choices ? fmt::format("use one of {}", v.choices) : v.remedy;
}

template <class Number>
bool parse_all(const std::string& text, Number& number)
{
    const char* end = text.data() + text.size();
    auto [stopped, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stopped == end;
}

template <class Number>
void check_number(const Variable& v, const std::string& value, const char* what)
{
    Number number{};
    if (!parse_all(value, number))
        throw WrongUsage(fmt::format("{}: \"{}\" is not {} of {}; use for example {}", v.name,
                                     value, what, v.unit, v.fallback));
    // So written that "nan" is refused too.
    if (!(number >= v.least && number <= v.most))
        throw WrongUsage(fmt::format("{}: {} is not between {} and {} {}; use for example {}",
                                     v.name, value, v.least, v.most, v.unit, v.fallback));
}

void check_choice(const Variable& v, const std::string& value)
{
    auto words = CLI::detail::split(v.choices, ',');
    for (std::string& word : words)
        if (CLI::detail::trim(word) == value)
            return;
    throw WrongUsage(
        fmt::format("{}: \"{}\" is not known; use one of {}", v.name, value, v.choices));
}

// They go into headers, e-mails and log lines. The value is not shown: it may be a secret, or next
// to one.
void check_characters(const Variable& v, const std::string& value)
{
    auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7F; };
    if (std::any_of(value.begin(), value.end(), is_control))
        throw WrongUsage(fmt::format("{}: it holds a line end or another control character (not "
                                     "shown); remove it",
                                     v.name));
    auto is_visible = [](unsigned char c) { return c > 0x20 && c < 0x7F; };
    if (v.kind == Kind::bearer && !std::all_of(value.begin(), value.end(), is_visible))
        throw WrongUsage(fmt::format("{}: it holds a blank or a character that is not ASCII (not "
                                     "shown); copy it again",
                                     v.name));
    if (v.kind == Kind::segment && (value == "." || value == ".."))
        throw WrongUsage(
            fmt::format("{}: \"{}\" is not a name; {}", v.name, value,
                        *v.remedy ? v.remedy : "give the name that the service shows"));
}

void check(const Variable& v, std::string& value)
{
    check_characters(v, value);
    switch (v.kind) {
    case Kind::text:
    case Kind::secret:
    case Kind::bearer:
    case Kind::segment:
        break;
    case Kind::database:
        check_database_url(value);
        break;
    case Kind::url:
        value = checked_service_url(v.name, value);
        break;
    case Kind::secret_url:
        check_secret_url(v.name, value);
        break;
    case Kind::addresses:
        parse_address_list(v.name, value);
        break;
    case Kind::integer:
        check_number<long>(v, value, "a whole number");
        break;
    case Kind::decimal:
        check_number<double>(v, value, "a number");
        break;
    case Kind::choice:
        check_choice(v, value);
        break;
    }
}

// Both or neither: a link needs the address and the token.
void require_whole_portal(const Variables& values)
{
    const std::string& url = values.at("PORTAL_URL");
    const std::string& secret = values.at("PORTAL_SECRET");
    if (url.empty() != secret.empty()) {
        std::string missing = "PORTAL_SECRET", given = "PORTAL_URL";
        if (url.empty())
            std::swap(missing, given);
        throw WrongUsage(fmt::format("{}: not set, but {} is; {}, or remove {}", missing, given,
                                     remedy_of(variable(missing)), given));
    }
    constexpr std::ptrdiff_t shortest = 32;
    auto begins_character = [](unsigned char byte) { return (byte & 0xC0) != 0x80; };
    if (!secret.empty() && std::count_if(secret.begin(), secret.end(), begins_character) < shortest)
        throw WrongUsage(fmt::format("PORTAL_SECRET: it has fewer than {} characters (not shown); "
                                     "{}",
                                     shortest, remedy_of(variable("PORTAL_SECRET"))));
}

bool is_name(const std::string& text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '_';
    });
}

// The value of one variable alone, checked.
std::string single(const Variables& given, const std::string& name)
{
    auto found = given.find(name);
    const Variable& v = variable(name);
    std::string value = found == given.end() ? v.fallback : found->second;
    check(v, value);
    return value;
}

} // namespace

std::string variables_help()
{
    std::string text = "Variables (default in brackets):\n";
    for (const Variable& v : variables) {
        text += fmt::format("  {:<27} {}", v.name, v.what);
        if (*v.choices)
            text += fmt::format(": {}", v.choices);
        const char* fallback = v.is_required ? "required" : *v.fallback ? v.fallback : "none";
        text += fmt::format(" [{}]\n", fallback);
    }
    return text;
}

Variables variables_from_environment()
{
    Variables found;
    for (const Variable& v : variables)
        if (const char* value = std::getenv(v.name); value && *value)
            found[v.name] = value;
    return found;
}

Variables variables_from_file(const std::string& path, std::string* warning)
{
    ConfigurationText read = read_configuration_file(path);
    if (warning)
        *warning = read.warning;
    std::istringstream file(read.text);
    CLI::ConfigBase reader;
    // A value is taken as it is: nothing in it starts a comment or a list.
    reader.comment('\0')->arrayBounds('\1', '\2')->parentSeparator('\0');
    Variables found;
    for (const CLI::ConfigItem& item : reader.from_config(file)) {
        // What is not a name may be part of a secret.
        if (!item.parents.empty() || !is_name(item.name))
            throw WrongUsage(
                fmt::format("--config: \"{}\" has a line that is not KEY=VALUE; KEY is the name of "
                            "an environment variable, see timesheetd --help",
                            path));
        if (!find_variable(item.name))
            throw WrongUsage(fmt::format("--config: \"{}\" has the unknown key {}; correct or "
                                         "remove it, see timesheetd --help",
                                         path, item.name));
        if (!item.inputs.empty() && !item.inputs.back().empty())
            found[item.name] = item.inputs.back();
    }
    return found;
}

Configuration::Configuration(Variables given) : values_(std::move(given))
{
    for (const auto& [name, value] : values_) {
        if (variable(name).kind == Kind::secret || variable(name).kind == Kind::bearer)
            scrubber().hide(name, value);
        if (variable(name).kind == Kind::database)
            hide_database_secrets(value);
        if (variable(name).kind == Kind::secret_url)
            hide_secret_url(name, value);
    }
    for (const Variable& v : variables) {
        auto found = values_.find(v.name);
        if (found != values_.end())
            check(v, found->second);
        else
            values_[v.name] = v.fallback;
    }
    require_whole_portal(values_);
}

void Configuration::require(const std::vector<const char*>& names) const
{
    for (const char* name : names)
        if (text(name).empty())
            throw WrongUsage(fmt::format("{}: not set; {}", name, remedy_of(variable(name))));
}

const std::string& Configuration::text(const std::string& name) const
{
    variable(name);
    return values_.at(name);
}

long Configuration::integer(const std::string& name) const
{
    long number = 0;
    parse_all(text(name), number);
    return number;
}

std::vector<std::string> Configuration::addresses(const std::string& name) const
{
    const std::string& list = text(name);
    return list.empty() ? std::vector<std::string>{} : parse_address_list(name, list);
}

double Configuration::decimal(const std::string& name) const
{
    double number = 0;
    parse_all(text(name), number);
    return number;
}

log::Level log_level_of(const Variables& given)
{
    return log::level_named(single(given, "LOG_LEVEL"));
}

LogFormat log_format_of(const Variables& given)
{
    return single(given, "LOG_FORMAT") == "json" ? LogFormat::json : LogFormat::text;
}

} // namespace timesheetd
