// How each service is asked and what its answers mean, by the table of what is known of them.
#include "digest/mail_provider.hpp"

#include <gtest/gtest.h>

#include "process/failure.hpp"
#include "text/json_prelude.hpp"

using namespace timesheetd;
using namespace std::chrono_literals;

namespace
{

const Configuration& configuration()
{
    static const Configuration all(Variables{{"MAIL_PROVIDER", "resend"},
                                             {"MAIL_FROM", "Hours <hours@example.com>"},
                                             {"MAIL_REPLY_TO", "desk@example.com"},
                                             {"RESEND_API_KEY", "re-secret"},
                                             {"LOOPS_API_KEY", "lo-secret"},
                                             {"LOOPS_TRANSACTIONAL_ID", "template-1"},
                                             {"MAILGUN_API_KEY", "mg-secret"},
                                             {"MAILGUN_DOMAIN", "mg.example.com"}});
    return all;
}

std::unique_ptr<MailProvider> provider(const std::string& name)
{
    if (name == "resend")
        return resend_provider(configuration());
    if (name == "loops")
        return loops_provider(configuration());
    return mailgun_provider(configuration());
}

MailAnswer read(const char* by, long status, const std::string& body,
                std::chrono::milliseconds wait = {})
{
    HttpResponse response;
    response.status = status;
    response.body = body;
    response.retry_after = wait;
    return provider(by)->read(response);
}

Mail mail()
{
    Mail mail;
    mail.to = "ann@example.com";
    mail.subject = "42.00 h & more";
    mail.html = "<p>";
    mail.text = "text";
    mail.key = "key-1";
    mail.unsubscribe = "https://hours.example.com/unsubscribe?token=1";
    mail.content = R"({"title":"Client One","total":{"hours":"42.00"},"activities":[)"
                   R"({"name":"Calls","hours":"40.00","unconfirmed":"1.50"},)"
                   R"({"name":"Mail","hours":"2.00","unconfirmed":"0.00"}]})";
    return mail;
}

rapidjson::Document parsed(const std::string& text)
{
    rapidjson::Document document;
    document.Parse(text.data(), text.size());
    return document;
}

} // namespace

TEST(MailProvider, WhatIsAcceptedHasTheServicesId)
{
    EXPECT_EQ(read("resend", 200, R"({"id":"re-1"})").outcome, Outcome::accepted);
    EXPECT_EQ(read("resend", 200, R"({"id":"re-1"})").id, "re-1");
    EXPECT_EQ(read("mailgun", 200, R"({"id":"<mg-1>","message":"Queued. Thank you."})").id,
              "<mg-1>");
    EXPECT_EQ(read("loops", 200, R"({"success":true})").outcome, Outcome::accepted);
}

TEST(MailProvider, ASuccessThatSaysNothingIsUnclear)
{
    for (const char* by : {"resend", "loops", "mailgun"})
        for (const char* body : {"", "{}", "OK", R"({"success":false})", R"({"id":7})"})
            EXPECT_EQ(read(by, 200, body).outcome, Outcome::indeterminate) << by << " " << body;
}

TEST(MailProvider, AFailedServerIsUnclearAndTooManyRequestsAreNot)
{
    for (const char* by : {"resend", "loops", "mailgun"}) {
        EXPECT_EQ(read(by, 500, "oops").outcome, Outcome::indeterminate) << by;
        EXPECT_EQ(read(by, 408, "").outcome, Outcome::indeterminate) << by;
        MailAnswer answer = read(by, 429, "{}", 7s);
        EXPECT_EQ(answer.outcome, Outcome::retry) << by;
        EXPECT_EQ(answer.wait, 7s) << by;
    }
}

TEST(MailProvider, ARefusedKeyIsTheConfigurationsFault)
{
    for (const char* by : {"resend", "loops", "mailgun"})
        for (long status : {401, 403}) {
            MailAnswer answer = read(by, status, R"({"message":"no"})");
            EXPECT_EQ(answer.outcome, Outcome::misconfigured) << by;
            EXPECT_NE(answer.error.find("_API_KEY"), std::string::npos) << answer.error;
        }
}

TEST(MailProvider, WhatEveryMailWouldMeetIsTheConfigurationsFault)
{
    for (const char* by : {"resend", "loops", "mailgun"})
        for (long status : {301, 308, 404, 405})
            EXPECT_EQ(read(by, status, "Not found").outcome, Outcome::misconfigured)
                << by << " " << status;
    EXPECT_NE(read("mailgun", 404, "{}").error.find("MAILGUN_DOMAIN"), std::string::npos);
    MailAnswer answer =
        read("loops", 404, R"({"error":{"path":"transactionalId","message":"not found"}})");
    EXPECT_EQ(answer.outcome, Outcome::misconfigured);
    EXPECT_NE(answer.error.find("LOOPS_TRANSACTIONAL_ID"), std::string::npos);
    answer = read("loops", 400, R"({"error":{"path":"dataVariables.x","message":"missing"}})");
    EXPECT_EQ(answer.outcome, Outcome::misconfigured);
    EXPECT_NE(answer.error.find("docs/loops.md"), std::string::npos);
    answer =
        read("resend", 422, R"({"name":"validation_error","message":"Invalid `from` field."})");
    EXPECT_EQ(answer.outcome, Outcome::misconfigured);
    EXPECT_NE(answer.error.find("MAIL_FROM"), std::string::npos);
}

TEST(MailProvider, OtherRefusalsAreUnexplainedAndSayWhatTheServiceSaid)
{
    for (const char* by : {"resend", "loops", "mailgun"}) {
        MailAnswer answer = read(by, 400, R"({"message":"to is not valid"})");
        EXPECT_EQ(answer.outcome, Outcome::unexplained) << by;
        EXPECT_EQ(answer.owner, Owner::unknown) << by;
        EXPECT_NE(answer.error.find("to is not valid"), std::string::npos) << answer.error;
    }
}

TEST(MailProvider, ResendsQuotaIsNotAskedAgain)
{
    for (const char* name : {"daily_quota_exceeded", "monthly_quota_exceeded"})
        EXPECT_EQ(read("resend", 429, std::string(R"({"name":")") + name + "\"}").outcome,
                  Outcome::quota_exceeded);
    EXPECT_EQ(read("resend", 429, R"({"name":"rate_limit_exceeded"})").outcome, Outcome::retry);
}

TEST(MailProvider, ARepeatedKeyIsReadAsEachServiceMeansIt)
{
    EXPECT_EQ(read("loops", 409, R"({"success":false})").outcome, Outcome::accepted);
    EXPECT_EQ(read("resend", 409, R"({"name":"concurrent_idempotent_requests"})").outcome,
              Outcome::indeterminate);
    EXPECT_EQ(read("resend", 409, R"({"name":"invalid_idempotent_request"})").outcome,
              Outcome::indeterminate);
    EXPECT_EQ(provider("mailgun")->idempotency_window(), 0h);
    EXPECT_LT(provider("resend")->idempotency_window(), 24h);
    EXPECT_LT(provider("loops")->idempotency_window(), 24h);
}

TEST(MailProvider, AsksResendWithKeyAndHeaders)
{
    HttpRequest request = provider("resend")->request(mail());
    EXPECT_EQ(request.url, "https://api.resend.com/emails");
    EXPECT_EQ(request.bearer, "re-secret");
    EXPECT_TRUE(request.is_non_idempotent);
    EXPECT_EQ(request.headers, std::vector<std::string>{"Idempotency-Key: key-1"});
    rapidjson::Document body = parsed(request.json.value());
    EXPECT_STREQ(body["to"][0].GetString(), "ann@example.com");
    EXPECT_STREQ(body["headers"]["List-Unsubscribe"].GetString(),
                 "<https://hours.example.com/unsubscribe?token=1>");
    EXPECT_STREQ(body["headers"]["List-Unsubscribe-Post"].GetString(),
                 "List-Unsubscribe=One-Click");
}

TEST(MailProvider, AsksMailgunByAnEscapedForm)
{
    HttpRequest request = provider("mailgun")->request(mail());
    EXPECT_EQ(request.url, "https://api.mailgun.net/v3/mg.example.com/messages");
    EXPECT_EQ(request.basic, "api:mg-secret");
    EXPECT_NE(request.form->find("&subject=42.00%20h%20%26%20more&"), std::string::npos);
    EXPECT_NE(request.form->find("h%3AList-Unsubscribe="), std::string::npos);
    EXPECT_TRUE(request.headers.empty());
}

TEST(MailProvider, FillsLoopsDataVariables)
{
    HttpRequest request = provider("loops")->request(mail());
    EXPECT_EQ(request.url, "https://app.loops.so/api/v1/transactional");
    rapidjson::Document body = parsed(request.json.value());
    EXPECT_STREQ(body["transactionalId"].GetString(), "template-1");
    EXPECT_STREQ(body["dataVariables"]["title"].GetString(), "Client One");
    EXPECT_STREQ(body["dataVariables"]["total_hours"].GetString(), "42.00");
    EXPECT_STREQ(body["dataVariables"]["activities"].GetString(),
                 "Calls: 40.00 h (1.50 h unconfirmed)\nMail: 2.00 h");
}

// The template is that of the digests: each variable is there, those of the hours empty.
TEST(MailProvider, FillsLoopsDataVariablesOfALinkToThePortal)
{
    Mail link = mail();
    link.category = "portal_link";
    link.content = R"({"subject":"42.00 h & more","clients":["Client One"],"days":35})";
    link.page = "https://hours.example.com/portal?token=1";
    rapidjson::Document digest = parsed(provider("loops")->request(mail()).json.value());
    rapidjson::Document body = parsed(provider("loops")->request(link).json.value());
    const rapidjson::Value& variables = body["dataVariables"];
    EXPECT_EQ(variables.MemberCount(), digest["dataVariables"].MemberCount());
    EXPECT_STREQ(variables["title"].GetString(), "42.00 h & more");
    EXPECT_STREQ(variables["page_url"].GetString(), "https://hours.example.com/portal?token=1");
    EXPECT_STREQ(variables["digest"].GetString(), "text");
    EXPECT_STREQ(variables["total_hours"].GetString(), "");
    link.category = "weekly_digest";
    EXPECT_THROW(provider("loops")->request(link), std::logic_error);
}

TEST(MailProvider, AMailtoLinkIsNoOneClick)
{
    Mail by_mail = mail();
    by_mail.unsubscribe = "mailto:hours@example.com?subject=unsubscribe";
    EXPECT_EQ(unsubscribe_headers(by_mail).size(), 1U);
    by_mail.unsubscribe = "";
    EXPECT_TRUE(unsubscribe_headers(by_mail).empty());
}

TEST(MailProvider, TellsFromTheProbeWhetherAMailWouldBeAccepted)
{
    auto probed = [](const char* by, long status, const std::string& body) -> std::string {
        HttpResponse response;
        response.status = status;
        response.body = body;
        try {
            return provider(by)->probed(response);
        } catch (const Failure& e) {
            return std::string("failed: ") + e.what();
        }
    };
    EXPECT_EQ(probed("resend", 200, R"({"data":[]})"), "resend answers and accepts the key");
    EXPECT_NE(probed("resend", 401, R"({"name":"restricted_api_key"})")
                  .find("may send and do nothing else"),
              std::string::npos);
    EXPECT_NE(probed("loops", 200, "{}").find("template"), std::string::npos);
    EXPECT_NE(probed("mailgun", 400, R"({"message":"from parameter is missing"})")
                  .find("the key and the domain"),
              std::string::npos);
    EXPECT_NE(probed("mailgun", 404, "{}").find("MAILGUN_DOMAIN"), std::string::npos);
    for (const char* by : {"resend", "loops", "mailgun"}) {
        EXPECT_EQ(probed(by, 401, R"({"name":"x"})").find("failed: "), 0U) << by;
        EXPECT_EQ(probed(by, 503, "").find("failed: "), 0U) << by;
        EXPECT_NE(probed(by, 503, "").find("later"), std::string::npos) << by;
    }
}

TEST(MailProvider, NamesWhatIsNotConfigured)
{
    auto complaint = [](Variables given) -> std::string {
        try {
            mail_provider(Configuration(std::move(given)));
        } catch (const WrongUsage& e) {
            return e.what();
        }
        return "none";
    };
    EXPECT_NE(complaint({}).find("MAIL_PROVIDER"), std::string::npos);
    EXPECT_NE(complaint({{"MAIL_PROVIDER", "resend"}}).find("RESEND_API_KEY"), std::string::npos);
    EXPECT_NE(complaint({{"MAIL_PROVIDER", "loops"}}).find("LOOPS_API_KEY"), std::string::npos);
    EXPECT_NE(complaint({{"MAIL_PROVIDER", "mailgun"}}).find("MAILGUN_API_KEY"), std::string::npos);
}

TEST(MailProvider, KeepsAnIdBoundedAndPlain)
{
    for (const char* by : {"resend", "mailgun"}) {
        EXPECT_EQ(read(by, 200, "{\"id\":\"" + std::string(100'000, 'x') + "\"}").id,
                  std::string(200, 'x'));
        EXPECT_EQ(read(by, 200, R"({"id":"a\u001b[31m\u202e\r\nb\u0000"})").id,
                  "a [31m b\xEF\xBF\xBD");
        EXPECT_EQ(read(by, 200, R"({"id":"\u202e"})").outcome, Outcome::accepted);
    }
}

TEST(MailProvider, TakesNoAnswerThatIsTooDeep)
{
    std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    for (const char* by : {"resend", "mailgun", "loops"})
        EXPECT_EQ(read(by, 200, "{\"id\":\"x\",\"success\":true,\"deep\":" + deep + "}").outcome,
                  Outcome::indeterminate)
            << by;
}

TEST(HttpHeader, EndsWhereItsLineEnds)
{
    check_header("Idempotency-Key: 0f-1 é");
    for (const char* line : {"Authorization: Bearer hush\r\nX-Own: 1", "Authorization: hush\n",
                             "Authorization: hush\x7f"})
        try {
            check_header(line);
            ADD_FAILURE() << line;
        } catch (const Failure& e) {
            std::string said = e.what();
            EXPECT_NE(said.find("the header Authorization"), std::string::npos) << said;
            EXPECT_EQ(said.find("hush"), std::string::npos) << said;
        }
}
