#include "digest/outgoing_mail.hpp"

#include <gtest/gtest.h>

#include "digest/portal_link.hpp"

using namespace timesheetd;

namespace
{

const std::string secret = "0123456789abcdef0123456789abcdef";
const std::string key = "2f1c9a64-7e0b-4c53-9a5e-0d3f6b8e1a77";
const std::string token = "JTL0qdl7wto4uZZ0XPdJ5NQG5mlcS4IF-UwADouehMQ"; // portal_link_test.cpp
const std::string live_link = "https://hours.example.com/portal?token=" + token;
const std::string place_holder = "https://hours.example.com/portal?token=token-of-" + key;

Configuration configuration(const Variables& more = {})
{
    Variables all{{"MAIL_FROM", "hours@example.com"}, {"MAIL_PAGE_URL", "https://staff.example"}};
    all.insert(more.begin(), more.end());
    return Configuration(all);
}

Configuration with_portal()
{
    return configuration(
        {{"PORTAL_URL", "https://hours.example.com/portal"}, {"PORTAL_SECRET", secret}});
}

Delivery delivery(const char* kind)
{
    Delivery it;
    it.id = "7";
    it.kind = kind;
    it.recipient = "ann@example.com";
    it.subject = "Acme: 1.00 h";
    it.idempotency_key = key;
    it.unsubscribe_token = it.is_digest() ? "00000000-0000-0000-0000-000000000000" : "";
    it.content = it.is_portal_link()
                     ? R"({"subject":"Your link to your hours","clients":["Acme <b>","Bée"],)"
                       R"("has_others":true,"others":"and 3 others","days":35})"
                     : R"({"subject":"Acme: 1.00 h","title":"Acme","total":{"hours":"1.00"}})";
    return it;
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST(OutgoingMail, SendsTheTokenAndStoresThePlaceHolder)
{
    for (const char* kind : {"digest", "portal_link"}) {
        OutgoingMail mail = outgoing_mail(with_portal(), delivery(kind), true);
        EXPECT_EQ(mail.portal_token, token) << kind;
        EXPECT_EQ(mail.mail.page, live_link) << kind;
        for (const std::string& text : {mail.mail.html, mail.mail.text}) {
            EXPECT_TRUE(has(text, live_link)) << kind;
            EXPECT_FALSE(has(text, "token-of-")) << kind;
        }
        for (const std::string& text : {mail.stored.html, mail.stored.text}) {
            EXPECT_TRUE(has(text, place_holder)) << kind;
            EXPECT_FALSE(has(text, token)) << kind;
        }
        for (const std::string& text : {mail.mail.html, mail.mail.text, mail.stored.html})
            EXPECT_FALSE(has(text, secret)) << kind;
    }
}

TEST(OutgoingMail, LeadsClientsToThePortalInPlaceOfTheDashboard)
{
    OutgoingMail mail = outgoing_mail(with_portal(), delivery("digest"), true);
    EXPECT_FALSE(has(mail.mail.html, "staff.example"));
    EXPECT_FALSE(has(mail.mail.text, "staff.example"));
}

TEST(OutgoingMail, IsAsItWasWhereThereIsNoPortalOrItIsClosed)
{
    OutgoingMail plain = outgoing_mail(configuration(), delivery("digest"), false);
    OutgoingMail closed = outgoing_mail(with_portal(), delivery("digest"), false);
    for (const OutgoingMail& mail : {plain, closed}) {
        EXPECT_EQ(mail.portal_token, "");
        EXPECT_EQ(mail.mail.page, "https://staff.example");
        EXPECT_EQ(mail.mail.html, plain.mail.html);
        EXPECT_EQ(mail.mail.text, plain.mail.text);
        EXPECT_EQ(mail.stored.html, mail.mail.html);
        EXPECT_TRUE(has(mail.mail.html, "See this week on the web"));
        EXPECT_FALSE(has(mail.mail.html, "See your hours"));
    }
}

TEST(OutgoingMail, GivesAPreviewNoLink)
{
    OutgoingMail mail = outgoing_mail(with_portal(), delivery("preview"), true);
    EXPECT_EQ(mail.portal_token, "");
    EXPECT_EQ(mail.mail.page, "");
    EXPECT_FALSE(has(mail.mail.html, "href"));
    EXPECT_FALSE(has(mail.mail.text, "https://"));
}

TEST(OutgoingMail, RepeatsWhatAnEarlierAttemptSent)
{
    OutgoingMail first = outgoing_mail(with_portal(), delivery("digest"), true);
    Delivery again = delivery("digest");
    again.rendered = first.stored;
    again.content = "{}"; // not looked at
    for (bool is_open : {true, false}) {
        OutgoingMail second = outgoing_mail(with_portal(), again, is_open);
        EXPECT_EQ(second.mail.html, first.mail.html);
        EXPECT_EQ(second.mail.text, first.mail.text);
        EXPECT_EQ(second.mail.page, first.mail.page);
        EXPECT_EQ(second.portal_token, token);
    }
}

TEST(OutgoingMail, PutsNoLinkIntoWhatWasStoredWithoutOne)
{
    OutgoingMail first = outgoing_mail(configuration(), delivery("digest"), false);
    Delivery again = delivery("digest");
    again.rendered = first.stored;
    OutgoingMail second = outgoing_mail(with_portal(), again, true);
    EXPECT_EQ(second.mail.html, first.mail.html);
    EXPECT_EQ(second.mail.page, first.mail.page);
    EXPECT_EQ(second.portal_token, "");
}

TEST(OutgoingMail, LeadsToThePortalAloneWhereTheSecretIsGone)
{
    OutgoingMail first = outgoing_mail(with_portal(), delivery("digest"), true);
    Delivery again = delivery("digest");
    again.rendered = first.stored;
    OutgoingMail second = outgoing_mail(configuration(), again, false);
    EXPECT_EQ(second.portal_token, "");
    EXPECT_TRUE(has(second.mail.html, "href=\"https://hours.example.com/portal\""));
    EXPECT_FALSE(has(second.mail.html + second.mail.text, "token"));
}

TEST(OutgoingMail, NamesTheClientsInAnEmailWithALink)
{
    OutgoingMail mail = outgoing_mail(with_portal(), delivery("portal_link"), true);
    EXPECT_TRUE(has(mail.mail.html, "Acme &lt;b&gt;") && has(mail.mail.html, "Bée"));
    EXPECT_TRUE(has(mail.mail.text, "Acme <b>\nBée\nand 3 others\n\n" + live_link));
    EXPECT_TRUE(has(mail.mail.text, "It works for 35 days."));
    EXPECT_EQ(mail.mail.category, "portal_link");
    EXPECT_EQ(mail.mail.unsubscribe, "");

    Delivery one = delivery("portal_link");
    one.content = R"({"subject":"Your link to your hours","clients":["Acme"],"has_others":false,)"
                  R"("others":"","days":1})";
    mail = outgoing_mail(with_portal(), one, true);
    EXPECT_TRUE(has(mail.mail.text, "Acme\n\n" + live_link));
    EXPECT_TRUE(has(mail.mail.text, "It works for 1 day."));
    EXPECT_FALSE(has(mail.mail.html, "other-clients"));
}
