// The e-mails about alerts and the morning briefing, as they are filled in and sent.
#include "digest/outgoing_mail.hpp"

#include <gtest/gtest.h>

using namespace timesheetd;

namespace
{

const char* const open_alert =
    R"({"subject":"Problem: Data from Jibble is out of date","preheader":"Began 10:02.",)"
    R"("title":"Data from Jibble is out of date","is_over":false,"zone":"Asia/Manila",)"
    R"("alerts":[{"id":"41","what":"<b>no read</b>","since":"10:02","ended":null,)"
    R"("is_over":false,"when":"began 10:02"}],"has_more":true,"more":980,)"
    R"("meaning":"Hours are missing.","remedy":"Run timesheetd check."})";
const char* const over_alert =
    R"({"subject":"Over: Data","preheader":"","title":"Data","is_over":true,"zone":"UTC",)"
    R"("alerts":[{"id":"41","what":"","since":"10:02","ended":"10:31","is_over":true,)"
    R"("when":"began 10:02, over 10:31"}],"has_more":false,"more":0,)"
    R"("meaning":"It is over.","remedy":"There is nothing left to do."})";

std::string briefing(bool is_for_staff)
{
    return std::string(R"({"subject":"Briefing","preheader":"Ana","title":"Briefing of Tuesday",)"
                       R"("zone":"Asia/Manila","summary":"1 missing clock-out.","is_for_staff":)") +
           (is_for_staff ? "true" : "false") +
           R"(,"has_clients":true,"clients":[{"name":"Acme & Co","rows":[{"agent":"<i>Ana</i>",)"
           R"("day":"Mon 30 Nov","what":"In 21:00","counted":"15 h counted"}]}],"has_silent":true,)"
           R"("silent":[{"agent":"Bob","client":"Acme & Co","since":"Sun 18:00"}],)"
           R"("has_decisions":true,"decisions":[{"title":"Deletions","detail":"3 entries"}],)"
           R"("has_more":true,"more":"and 2 more"})";
}

OutgoingMail sent(const char* kind, const std::string& content)
{
    Configuration configuration(
        Variables{{"MAIL_FROM", "hours@example.com"}, {"MAIL_PAGE_URL", "https://staff.example"}});
    Delivery delivery;
    delivery.id = "7";
    delivery.kind = kind;
    delivery.recipient = "ann@example.com";
    delivery.subject = "a subject";
    delivery.content = content;
    return outgoing_mail(configuration, delivery, true);
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST(AlertEmail, SaysWhatSinceWhenWhatItMeansAndWhatToDo)
{
    Mail mail = sent("alert", open_alert).mail;
    EXPECT_EQ(mail.category, "alert");
    EXPECT_EQ(mail.page, "https://staff.example/health");
    EXPECT_EQ(mail.unsubscribe, "");
    for (const std::string& text : {mail.html, mail.text})
        for (const char* part :
             {"Data from Jibble is out of date", "began 10:02", "Hours are missing.", "980",
              "Run timesheetd check.", "Asia/Manila", "https://staff.example/health", "41"})
            EXPECT_TRUE(has(text, part)) << part << "\n" << text;
    EXPECT_TRUE(has(mail.text, "<b>no read</b>"));
    EXPECT_TRUE(has(mail.html, "&lt;b&gt;no read&lt;/b&gt;"));
    EXPECT_FALSE(has(mail.html, "<b>no read"));
    EXPECT_FALSE(has(mail.text, "over"));
}

TEST(AlertEmail, SaysThatItIsOver)
{
    Mail mail = sent("alert", over_alert).mail;
    for (const std::string& text : {mail.html, mail.text}) {
        EXPECT_TRUE(has(text, "began 10:02, over 10:31"));
        EXPECT_TRUE(has(text, "It is over."));
        EXPECT_TRUE(has(text, "There is nothing left to do."));
        EXPECT_FALSE(has(text, "What to do"));
        EXPECT_FALSE(has(text, "more, not listed"));
    }
}

TEST(BriefingEmail, ShowsStaffEverything)
{
    Mail mail = sent("briefing", briefing(true)).mail;
    EXPECT_EQ(mail.category, "briefing");
    EXPECT_EQ(mail.page, "https://staff.example");
    for (const std::string& text : {mail.html, mail.text})
        for (const char* part : {"Briefing of Tuesday", "1 missing clock-out.", "Mon 30 Nov",
                                 "In 21:00", "15 h counted", "Bob", "Sun 18:00", "Deletions",
                                 "3 entries", "nd 2 more", "https://staff.example"})
            EXPECT_TRUE(has(text, part)) << part << "\n" << text;
    EXPECT_TRUE(has(mail.text, "<i>Ana</i>") && has(mail.text, "Acme & Co"));
    EXPECT_TRUE(has(mail.html, "&lt;i&gt;Ana") && has(mail.html, "Acme &amp; Co"));
    EXPECT_FALSE(has(mail.html, "<i>Ana"));
}

TEST(BriefingEmail, LeadsNoSupervisorToTheDashboard)
{
    Mail mail = sent("briefing", briefing(false)).mail;
    EXPECT_EQ(mail.page, "");
    EXPECT_FALSE(has(mail.html + mail.text, "staff.example"));
    EXPECT_FALSE(has(mail.html + mail.text, "ALERT_EMAILS"));
}

TEST(NotificationEmail, OfAnEarlierAttemptIsSentAgainAsItWas)
{
    Delivery delivery;
    delivery.kind = "alert";
    delivery.content = open_alert;
    delivery.rendered = RenderedDigest{"<p>as before</p>", "as before"};
    EXPECT_EQ(outgoing_mail(Configuration(Variables{}), delivery, false).mail.text, "as before");
}

TEST(NotificationEmail, FitsLoopssTemplate)
{
    Configuration configuration(Variables{
        {"MAIL_PROVIDER", "loops"}, {"LOOPS_API_KEY", "k"}, {"LOOPS_TRANSACTIONAL_ID", "t"}});
    for (auto [kind, content] :
         {std::pair("alert", std::string(open_alert)), std::pair("briefing", briefing(true))}) {
        std::string json =
            mail_provider(configuration)->request(sent(kind, content).mail).json.value();
        EXPECT_TRUE(has(json, R"("subject":"a subject")")) << json;
        EXPECT_FALSE(has(json, R"("title":"")")) << json;
        EXPECT_FALSE(has(json, R"("digest":"")")) << json;
        EXPECT_TRUE(has(json, R"("page_url":"https://staff.example)")) << json;
    }
}
