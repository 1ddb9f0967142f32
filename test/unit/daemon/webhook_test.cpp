#include "alerts/webhook.hpp"

#include <gtest/gtest.h>

#include "alerts/test_message.hpp"
#include "text/json_answer.hpp"

using namespace timesheetd;
using namespace std::chrono_literals;

namespace
{

WebhookAnswer answer_of(long status, const std::string& body = "",
                        std::chrono::milliseconds retry_after = {})
{
    HttpResponse answer;
    answer.status = status;
    answer.body = body;
    answer.retry_after = retry_after;
    return read_webhook_answer(answer);
}

} // namespace

// Each URL with its form, as test/pgtap has them for timesheet.webhook_form().
TEST(WebhookForm, IsThatOfTheHost)
{
    for (const char* url : {"https://hooks.slack.com/services/T0/B0/x", "https://HOOKS.Slack.COM/x",
                            "https://hooks.slack.com:443/x", "https://hooks.slack.com./x",
                            "https://hooks.slack-gov.com/services/x", "https://hooks.slack.com"})
        EXPECT_EQ(webhook_form(url), WebhookForm::slack) << url;
    for (const char* url :
         {"https://acme.webhook.office.com/webhookb2/x",
          "https://prod-01.westeurope.logic.azure.com:443/workflows/x/triggers/y?sig=z",
          "https://default0.0f.environment.api.powerplatform.com:443/powerautomate/x?sp=%2Frun"})
        EXPECT_EQ(webhook_form(url), WebhookForm::teams) << url;
}

TEST(WebhookForm, IsGenericWhereTheNameIsElsewhere)
{
    for (const char* url :
         {"https://example.com/hooks.slack.com", "https://example.com/?to=hooks.slack.com",
          "https://hooks.slack.com.example.com/x", "https://nothooks-slack.com/x",
          "https://notslack.com/x", "https://slack.com/x", "https://example.com/#.slack.com",
          "https://hooks.slack.com@example.com/x", "https://example.com/@hooks.slack.com/x",
          "https://webhook.office.com.example.com/", "https://notpowerplatform.com/x",
          "http://127.0.0.1:8080/hook", "not a URL", ""})
        EXPECT_EQ(webhook_form(url), WebhookForm::generic) << url;
}

TEST(WebhookJson, IsTheTextAloneForAnyService)
{
    EXPECT_EQ(webhook_json(WebhookForm::generic, "a \"b\"\n<c> & d"),
              R"({"text":"a \"b\"\n<c> & d"})");
}

TEST(WebhookJson, EscapesWhatSlackReadsAsMarkup)
{
    EXPECT_EQ(webhook_json(WebhookForm::slack, "<!channel> & <@U1>"),
              R"({"text":"&lt;!channel&gt; &amp; &lt;@U1&gt;"})");
}

TEST(WebhookJson, IsACardWithOneBlockForTeams)
{
    EXPECT_EQ(
        webhook_json(WebhookForm::teams, "one\ntwo"),
        R"({"type":"message","attachments":[{"contentType":)"
        R"("application/vnd.microsoft.card.adaptive","content":{"$schema":)"
        R"("http://adaptivecards.io/schemas/adaptive-card.json","type":"AdaptiveCard",)"
        R"("version":"1.2","body":[{"type":"TextBlock","text":"one\n\ntwo","wrap":true}]}}]})");
}

TEST(WebhookAnswer, IsSuccessFor2xxAlone)
{
    for (long status : {200, 201, 202, 204, 299}) {
        WebhookAnswer answer = answer_of(status, "anything");
        EXPECT_TRUE(answer.was_sent && !answer.is_refused && answer.error.empty()) << status;
    }
    for (long status : {300, 302, 400, 404, 429, 500, 503, 100}) {
        WebhookAnswer answer = answer_of(status);
        EXPECT_FALSE(answer.was_sent) << status;
        EXPECT_NE(answer.error.find(std::to_string(status)), std::string::npos) << answer.error;
    }
}

TEST(WebhookAnswer, IsARefusalWhereAnotherAttemptIsOfNoUse)
{
    for (long status : {400, 401, 403, 404, 405, 410, 413, 422})
        EXPECT_TRUE(answer_of(status).is_refused) << status;
    for (long status : {302, 408, 429, 500, 502, 503})
        EXPECT_FALSE(answer_of(status).is_refused) << status;
}

TEST(WebhookAnswer, HasTheWaitThatIsAskedFor)
{
    EXPECT_EQ(answer_of(429, "", 30s).wait, 30s);
}

TEST(WebhookAnswer, QuotesAShortReasonOnOneLine)
{
    EXPECT_EQ(answer_of(404, "no_service\n").error,
              "the webhook answered 404 (no_service); check ALERT_WEBHOOK_URL");
    EXPECT_EQ(answer_of(403, R"({"error":{"code":"Denied","message":"no\nmore"}})").error,
              "the webhook answered 403 (Denied: no more); check ALERT_WEBHOOK_URL");
    EXPECT_EQ(answer_of(500, "<html><body>a page</body></html>").error,
              "the webhook answered 500; check ALERT_WEBHOOK_URL");
    EXPECT_EQ(answer_of(500, std::string(5000, 'x')).error,
              "the webhook answered 500; check ALERT_WEBHOOK_URL");
}

// What services echo of the URL that was asked.
TEST(WebhookAnswer, ShowsNoPartOfTheUrl)
{
    Configuration configuration(
        Variables{{"ALERT_WEBHOOK_URL", "https://hooks.slack.com/services/T024BE7LD/B0/hush?k=1"}});
    for (const char* body : {"Cannot POST /services/T024BE7LD/B0/hush?k=1", "T024BE7LD is unknown",
                             "https://hooks.slack.com/services/T024BE7LD/B0/hush?k=1"}) {
        std::string error = answer_of(404, body).error;
        EXPECT_NE(error.find("***"), std::string::npos) << error;
        for (const char* secret : {"hush", "T024BE7LD"})
            EXPECT_EQ(error.find(secret), std::string::npos) << error;
    }
}

TEST(TestMessage, IsAnEmailOfItsOwnForEachAddress)
{
    Mail ann = test_mail("ann@example.com");
    Mail bob = test_mail("bob@example.com");
    EXPECT_EQ(ann.to, "ann@example.com");
    EXPECT_EQ(ann.category, "alert");
    EXPECT_NE(ann.key, bob.key);
    EXPECT_LE(ann.key.size(), 100u); // the most that Loops takes
    for (const std::string& text : {ann.html, ann.text, test_message_text()}) {
        EXPECT_NE(text.find("Nothing is wrong: "), std::string::npos) << text;
        EXPECT_EQ(text.find("Times are in"), std::string::npos) << text;
    }
}
