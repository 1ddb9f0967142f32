#include "configuration/configuration.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "process/failure.hpp"
#include "process/scrubber.hpp"

using namespace timesheetd;

namespace
{

template <class Action>
std::string complaint(Action action)
{
    try {
        action();
    } catch (const WrongUsage& e) {
        return e.what();
    }
    return "none";
}

std::string complaint_about(const char* name, const char* value)
{
    return complaint([&] { Configuration(Variables{{name, value}}); });
}

class File
{
  public:
    explicit File(const std::string& text)
    {
        path_ = testing::TempDir() + "timesheetd-test-XXXXXX";
        close(mkstemp(path_.data()));
        std::ofstream(path_) << text;
    }
    ~File() { std::remove(path_.c_str()); }
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

std::string complaint_about_file(const std::string& text)
{
    File file(text);
    std::string said = complaint([&] { variables_from_file(file.path()); });
    std::size_t at = said.find(file.path());
    return at == std::string::npos ? said : said.replace(at, file.path().size(), "FILE");
}

} // namespace

TEST(Configuration, HasTheDocumentedDefaults)
{
    Configuration c(Variables{});
    EXPECT_EQ(c.text("JIBBLE_IDENTITY_URL"), "https://identity.prod.jibble.io");
    EXPECT_EQ(c.integer("SYNC_INTERVAL"), 300);
    EXPECT_EQ(c.integer("SYNC_LOOKBACK_DAYS"), 3);
    EXPECT_EQ(c.integer("JIBBLE_PAGE_SIZE"), 1000);
    EXPECT_EQ(c.decimal("JIBBLE_REQUESTS_PER_SECOND"), 3);
    EXPECT_EQ(c.text("DATABASE_URL"), "");
}

// Each variable, its default and a description, as timesheetd --help prints them.
TEST(Configuration, DescribesEachVariableInALine)
{
    struct Line {
        const char* name;
        const char* fallback;
        const char* word;
    };
    constexpr Line lines[] = {
        {"DATABASE_URL", "required", "libpq URI"},
        {"JIBBLE_CLIENT_ID", "required", "client id"},
        {"JIBBLE_CLIENT_SECRET", "required", "secret"},
        {"JIBBLE_IDENTITY_URL", "https://identity.prod.jibble.io", "tokens"},
        {"JIBBLE_WORKSPACE_URL", "https://workspace.prod.jibble.io", "people"},
        {"JIBBLE_TIME_TRACKING_URL", "https://time-tracking.prod.jibble.io", "time entries"},
        {"JIBBLE_TIME_ATTENDANCE_URL", "https://time-attendance.prod.jibble.io", "timesheets"},
        {"SYNC_INTERVAL", "300", "seconds"},
        {"SYNC_LOOKBACK_DAYS", "3", "days"},
        {"JIBBLE_PAGE_SIZE", "1000", "rows"},
        {"JIBBLE_REQUESTS_PER_SECOND", "3", "requests per second"},
        {"AIRTABLE_TOKEN", "none", "token"},
        {"AIRTABLE_BASE_ID", "none", "base"},
        {"AIRTABLE_TABLE", "Clients", "table"},
        {"AIRTABLE_API_URL", "https://api.airtable.com", "API"},
        {"AIRTABLE_EMAIL_FIELD", "Email", "e-mail"},
        {"AIRTABLE_GROUP_FIELD", "Jibble Group ID", "groups"},
        {"AIRTABLE_SUPERVISOR_FIELD", "none", "briefing"},
        {"MAIL_PROVIDER", "none", "resend, loops, mailgun"},
        {"MAIL_FROM", "none", "sender"},
        {"MAIL_REPLY_TO", "none", "replies"},
        {"RESEND_API_KEY", "none", "Resend"},
        {"RESEND_API_URL", "https://api.resend.com", "Resend"},
        {"LOOPS_API_KEY", "none", "Loops"},
        {"LOOPS_TRANSACTIONAL_ID", "none", "Loops"},
        {"LOOPS_API_URL", "https://app.loops.so", "Loops"},
        {"MAILGUN_API_KEY", "none", "Mailgun"},
        {"MAILGUN_DOMAIN", "none", "Mailgun"},
        {"MAILGUN_API_URL", "https://api.mailgun.net", "Mailgun"},
        {"MAIL_PAGE_URL", "none", "dashboard"},
        {"MAIL_UNSUBSCRIBE_URL", "none", "unsubscribe"},
        {"PORTAL_URL", "none", "portal"},
        {"PORTAL_SECRET", "none", "32 characters"},
        {"ALERT_EMAILS", "none", "trouble"},
        {"ALERT_WEBHOOK_URL", "none", "webhook"},
        {"HEARTBEAT_URL", "none", "read that worked"},
        {"LOG_LEVEL", "info", "trace, debug, info, warning, error"},
        {"LOG_FORMAT", "text", "text, json"},
    };
    std::map<std::string, std::string> help;
    std::istringstream text(variables_help());
    for (std::string line; std::getline(text, line);) {
        EXPECT_LE(line.size(), 120u) << line;
        std::istringstream words(line);
        std::string name;
        words >> name;
        if (line.rfind("  ", 0) == 0)
            help[name] = line;
    }
    for (const Line& wanted : lines) {
        const std::string& line = help[wanted.name];
        std::string fallback = fmt::format(" [{}]", wanted.fallback);
        EXPECT_NE(line.find(wanted.word, 30), std::string::npos) << wanted.name << ": " << line;
        ASSERT_GT(line.size(), fallback.size()) << wanted.name;
        EXPECT_EQ(line.substr(line.size() - fallback.size()), fallback) << line;
    }
    // One that is added gets its line here, too.
    EXPECT_EQ(help.size(), std::size(lines));
}

TEST(Configuration, TakesFractionsOfRequestsPerSecond)
{
    EXPECT_EQ(Configuration(Variables{{"JIBBLE_REQUESTS_PER_SECOND", "0.5"}})
                  .decimal("JIBBLE_REQUESTS_PER_SECOND"),
              0.5);
}

TEST(Configuration, NamesTheVariableTheValueAndTheRemedyOfAWrongNumber)
{
    EXPECT_EQ(complaint_about("SYNC_INTERVAL", "abc"),
              "SYNC_INTERVAL: \"abc\" is not a whole number of seconds; use for example 300");
}

TEST(Configuration, RefusesNumbersThatAreNotWhole)
{
    for (const char* value : {"1.5", "5 ", " 5", "+5", "0x10", "5m", "99999999999999999999"})
        EXPECT_NE(complaint_about("SYNC_INTERVAL", value), "none") << value;
}

TEST(Configuration, RefusesNumbersOutOfRange)
{
    EXPECT_EQ(complaint_about("JIBBLE_PAGE_SIZE", "1001"),
              "JIBBLE_PAGE_SIZE: 1001 is not between 1 and 1000 rows; use for example 1000");
    EXPECT_NE(complaint_about("SYNC_INTERVAL", "0"), "none");
    EXPECT_NE(complaint_about("SYNC_LOOKBACK_DAYS", "-1"), "none");
    for (const char* value : {"0", "-3", "nan", "inf", "1e300"})
        EXPECT_NE(complaint_about("JIBBLE_REQUESTS_PER_SECOND", value), "none") << value;
}

TEST(Configuration, RefusesUnknownChoices)
{
    EXPECT_EQ(complaint_about("LOG_FORMAT", "xml"),
              "LOG_FORMAT: \"xml\" is not known; use one of text, json");
    EXPECT_NE(complaint_about("LOG_LEVEL", "loud"), "none");
    EXPECT_NE(complaint_about("MAIL_PROVIDER", "pigeon"), "none");
}

TEST(Configuration, TakesPlainHttpOnlyForLoopbackHosts)
{
    for (const char* url : {"http://127.0.0.1:80", "http://127.9.8.7/x", "http://localhost:1",
                            "http://[::1]:8080", "https://example.com/base"})
        EXPECT_EQ(complaint_about("JIBBLE_WORKSPACE_URL", url), "none") << url;
    for (const char* url : {"http://example.com", "http://127.0.0.1.example.com", "http://10.0.0.1",
                            "http://localhost.example.com", "ftp://127.0.0.1", "example.com", "x"})
        EXPECT_NE(complaint_about("JIBBLE_WORKSPACE_URL", url), "none") << url;
    EXPECT_EQ(complaint_about("JIBBLE_WORKSPACE_URL", "http://example.com"),
              "JIBBLE_WORKSPACE_URL: \"http://example.com\" is not https; use https://, or http:// "
              "only for a loopback host such as 127.0.0.1");
}

TEST(Configuration, RefusesUrlsWithAQueryOrAUser)
{
    EXPECT_NE(complaint_about("JIBBLE_WORKSPACE_URL", "https://example.com/?a=1"), "none");
    std::string said = complaint_about("JIBBLE_WORKSPACE_URL", "https://me:secret@example.com");
    EXPECT_NE(said, "none");
    EXPECT_EQ(said.find("secret"), std::string::npos);
}

TEST(Configuration, RefusesUrlsWithAnEmptyQuery)
{
    for (const char* url : {"https://example.com/portal?", "https://example.com/portal#"})
        EXPECT_NE(complaint_about("JIBBLE_WORKSPACE_URL", url), "none") << url;
}

TEST(Configuration, WantsAllOfThePortalOrNothing)
{
    const std::string secret(32, 's');
    auto said = [&](const std::string& url, const std::string& given) {
        Variables variables;
        if (!url.empty())
            variables["PORTAL_URL"] = url;
        if (!given.empty())
            variables["PORTAL_SECRET"] = given;
        return complaint([&] { Configuration{variables}; });
    };
    EXPECT_EQ(said("https://hours.example.com/portal", secret), "none");
    EXPECT_EQ(said("http://127.0.0.1:3000/portal/", secret), "none");
    EXPECT_EQ(said("https://hours.example.com/portal", ""),
              "PORTAL_SECRET: not set, but PORTAL_URL is; make one with: openssl rand -base64 33, "
              "or remove PORTAL_URL");
    EXPECT_EQ(said("", secret),
              "PORTAL_URL: not set, but PORTAL_SECRET is; give its address, such as "
              "https://hours.example.com/portal, or remove PORTAL_SECRET");
    for (const std::string& text :
         {secret.substr(1), std::string("\xc3\xa9\xc3\xa9") + secret.substr(3)})
        EXPECT_EQ(said("https://hours.example.com/portal", text),
                  "PORTAL_SECRET: it has fewer than 32 characters (not shown); make one with: "
                  "openssl rand -base64 33");
    for (const char* url : {"http://hours.example.com/portal", "https://hours.example.com/?a=hush",
                            "https://hours.example.com/portal?", "portal"}) {
        std::string why = said(url, secret);
        EXPECT_EQ(why.rfind("PORTAL_URL: ", 0), 0U) << why;
        EXPECT_EQ(why.find("hush"), std::string::npos) << why;
        EXPECT_EQ(why.find(secret), std::string::npos) << why;
    }
}

TEST(Configuration, DropsTrailingSlashesOfUrls)
{
    EXPECT_EQ(Configuration(Variables{{"JIBBLE_WORKSPACE_URL", "https://example.com/jibble//"}})
                  .text("JIBBLE_WORKSPACE_URL"),
              "https://example.com/jibble");
}

TEST(Configuration, DoesNotShowADatabaseUrlThatCannotBeRead)
{
    for (const char* url : {"postgresql://u:hush%zz@h/db", "hush", "postgresql://u:hush@[h/db",
                            "postgresql://u@h/db?hush=1"}) {
        std::string said = complaint_about("DATABASE_URL", url);
        EXPECT_EQ(said.substr(0, 14), "DATABASE_URL: ") << url;
        EXPECT_EQ(said.find("hush"), std::string::npos) << url;
    }
}

TEST(Configuration, DemandsOnlyWhatIsAskedFor)
{
    Configuration c(Variables{{"DATABASE_URL", "postgresql://h/db"}});
    EXPECT_EQ(complaint([&] { c.require({"DATABASE_URL"}); }), "none");
    EXPECT_EQ(complaint([&] {
                  c.require({"DATABASE_URL", "JIBBLE_CLIENT_ID"});
              }),
              "JIBBLE_CLIENT_ID: not set; create API credentials in Jibble under Organization "
              "Settings");
}

TEST(Configuration, HidesItsSecretsFromTheLog)
{
    Configuration c(Variables{{"DATABASE_URL", "postgresql://u:p%40ssword@h/db"},
                              {"JIBBLE_CLIENT_SECRET", "s3cr3t!"},
                              {"RESEND_API_KEY", "re_key"},
                              {"PORTAL_URL", "https://hours.example.com/portal"},
                              {"PORTAL_SECRET", "correct horse battery staple, and more"}});
    EXPECT_EQ(scrubber().scrub("p@ssword p%40ssword s3cr3t! re_key u h db"),
              "*** *** *** *** u h db");
    EXPECT_EQ(scrubber().scrub("<correct horse battery staple, and more>"), "<***>");
}

TEST(Configuration, HidesUrlsThatAreSecretsAlsoWhereTheyAreWrong)
{
    for (const char* name : {"ALERT_WEBHOOK_URL", "HEARTBEAT_URL"}) {
        EXPECT_NE(complaint_about(name, "http://example.com/hush-hush-hush"), "none");
        EXPECT_EQ(scrubber().scrub("http://example.com/hush-hush-hush, /hush-hush-hush"),
                  "***, ***");
    }
}

TEST(Configuration, ListsTheAddressesOfAlerts)
{
    Configuration c(Variables{{"ALERT_EMAILS", "Ann@example.com, bob@example.com"}});
    EXPECT_EQ(c.addresses("ALERT_EMAILS"),
              (std::vector<std::string>{"ann@example.com", "bob@example.com"}));
    EXPECT_TRUE(Configuration(Variables{}).addresses("ALERT_EMAILS").empty());
    EXPECT_NE(complaint_about("ALERT_EMAILS", "ann"), "none");
}

TEST(Configuration, TakesAnEmptyEnvironmentVariableForNone)
{
    setenv("SYNC_INTERVAL", "", 1);
    EXPECT_EQ(variables_from_environment().count("SYNC_INTERVAL"), 0u);
    setenv("SYNC_INTERVAL", "60", 1);
    EXPECT_EQ(variables_from_environment()["SYNC_INTERVAL"], "60");
    unsetenv("SYNC_INTERVAL");
}

TEST(ConfigurationFile, GivesValuesAsTheyStand)
{
    File file("# a comment\n\nDATABASE_URL = postgresql://u:a#b;c,d e@h/db\n"
              "MAIL_FROM=\"Hours <hours@example.com>\"\n\tLOG_FORMAT=json\nAIRTABLE_TABLE=[a,b]\n"
              "ALERT_EMAILS=ann@example.com, bob@example.com\n"
              "HEARTBEAT_URL=https://example.com/a?b=c&d=e%2F/\n");
    Variables v = variables_from_file(file.path());
    EXPECT_EQ(v["DATABASE_URL"], "postgresql://u:a#b;c,d e@h/db");
    EXPECT_EQ(v["MAIL_FROM"], "Hours <hours@example.com>");
    EXPECT_EQ(v["LOG_FORMAT"], "json");
    EXPECT_EQ(v["AIRTABLE_TABLE"], "[a,b]");
    EXPECT_EQ(v["ALERT_EMAILS"], "ann@example.com, bob@example.com");
    EXPECT_EQ(v["HEARTBEAT_URL"], "https://example.com/a?b=c&d=e%2F/");
}

TEST(ConfigurationFile, TakesTheLastOfTwoValuesAndNoEmptyOnes)
{
    File file("SYNC_INTERVAL=1\nLOG_LEVEL=\nSYNC_INTERVAL=2\nLOG_FORMAT=text\nLOG_FORMAT=json\n");
    Variables v = variables_from_file(file.path());
    EXPECT_EQ(v["SYNC_INTERVAL"], "2");
    EXPECT_EQ(v["LOG_FORMAT"], "json");
    EXPECT_EQ(v.count("LOG_LEVEL"), 0u);
}

TEST(ConfigurationFile, NamesAnUnknownKey)
{
    EXPECT_EQ(complaint_about_file("SYNC_INTERVAL=5\nSYNC_INTERVALL=5\n"),
              "--config: \"FILE\" has the unknown key SYNC_INTERVALL; correct or remove it, see "
              "timesheetd --help");
}

TEST(ConfigurationFile, RefusesOtherLinesWithoutQuotingThem)
{
    for (const char* line : {"DATABASE_URL postgresql://u:hush@h/db\n", "export hush=1\n",
                             "[hush]\nLOG_LEVEL=info\n"}) {
        std::string said = complaint_about_file(line);
        EXPECT_NE(said, "none") << line;
        EXPECT_EQ(said.find("hush"), std::string::npos) << said;
    }
}

TEST(ConfigurationFile, NamesAFileThatIsMissing)
{
    EXPECT_EQ(complaint([] { variables_from_file("/nowhere/at/all"); }),
              "--config: cannot read \"/nowhere/at/all\"; give a readable file of KEY=VALUE lines");
}

TEST(Configuration, TakesNoLineEndsIntoHeadersAndMails)
{
    for (const char* name :
         {"AIRTABLE_TOKEN", "RESEND_API_KEY", "LOOPS_API_KEY", "MAILGUN_API_KEY",
          "JIBBLE_CLIENT_ID", "JIBBLE_CLIENT_SECRET", "PORTAL_SECRET", "MAIL_FROM", "MAIL_REPLY_TO",
          "MAILGUN_DOMAIN", "LOOPS_TRANSACTIONAL_ID", "AIRTABLE_TABLE", "AIRTABLE_EMAIL_FIELD",
          "MAIL_UNSUBSCRIBE_URL", "ALERT_EMAILS", "ALERT_WEBHOOK_URL", "HEARTBEAT_URL",
          "AIRTABLE_SUPERVISOR_FIELD"}) {
        std::string said = complaint_about(name, "hush\r\nX-Own: quiet");
        EXPECT_EQ(said.rfind(name, 0), 0u) << said;
        EXPECT_EQ(said.find("hush"), std::string::npos) << said;
        EXPECT_EQ(said.find("quiet"), std::string::npos) << said;
    }
}

TEST(Configuration, TakesNoTokenThatIsMoreThanOneWord)
{
    for (const char* name : {"AIRTABLE_TOKEN", "RESEND_API_KEY", "LOOPS_API_KEY"})
        for (const char* value : {"hush quiet", " hush", "hush\xc3\xa9"}) {
            std::string said = complaint_about(name, value);
            EXPECT_NE(said, "none") << name << value;
            EXPECT_EQ(said.find("hush"), std::string::npos) << said;
        }
    EXPECT_EQ(complaint_about("JIBBLE_CLIENT_SECRET", "two words"), "none"); // it goes into a form
}

TEST(Configuration, TakesNoPathThatLeadsElsewhere)
{
    for (const char* name : {"AIRTABLE_BASE_ID", "AIRTABLE_TABLE", "MAILGUN_DOMAIN"})
        for (const char* value : {".", ".."})
            EXPECT_NE(complaint_about(name, value), "none") << name << value;
    EXPECT_EQ(complaint_about("AIRTABLE_TABLE", "Client list/1?#.."), "none");
}

TEST(Configuration, DoesNotShowWhatFollowsAServicesUrl)
{
    std::string said = complaint_about("AIRTABLE_API_URL", "https://example.com/?key=hush");
    EXPECT_NE(said, "none");
    EXPECT_EQ(said.find("hush"), std::string::npos) << said;
}
