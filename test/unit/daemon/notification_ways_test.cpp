#include "alerts/notification_ways.hpp"

#include <gtest/gtest.h>

#include "alerts/heartbeat.hpp"

using namespace timesheetd;

namespace
{

NotificationWays ways_of(const Variables& variables)
{
    return notification_ways(Configuration(variables));
}

const char* const hook = "https://example.com/hook";

} // namespace

TEST(NotificationWays, AreThoseThatAreConfigured)
{
    EXPECT_FALSE(ways_of({}).has_any());
    EXPECT_EQ(to_text(ways_of({})), "");
    EXPECT_EQ(to_text(ways_of({{"ALERT_WEBHOOK_URL", hook}})), "a webhook");
    EXPECT_EQ(to_text(ways_of({{"ALERT_EMAILS", "ann@example.com"}})), "1 address");
    NotificationWays all = ways_of({{"ALERT_EMAILS", "ann@example.com,bob@example.com"},
                                    {"ALERT_WEBHOOK_URL", hook},
                                    {"MAIL_PROVIDER", "resend"}});
    EXPECT_EQ(to_text(all), "2 addresses and a webhook");
    EXPECT_TRUE(all.has_any() && all.sends_emails());
    EXPECT_EQ(all.reachable_addresses().size(), 2u);
}

TEST(NotificationWays, NeedAProviderForEmails)
{
    NotificationWays ways = ways_of({{"ALERT_EMAILS", "ann@example.com"}});
    EXPECT_TRUE(ways.reachable_addresses().empty());
    EXPECT_FALSE(ways.has_any());
}

TEST(NotificationWays, MayBeSupervisorsAlone)
{
    EXPECT_FALSE(ways_of({{"MAIL_PROVIDER", "resend"}}).has_any());
    EXPECT_TRUE(ways_of({{"MAIL_PROVIDER", "resend"}, {"AIRTABLE_SUPERVISOR_FIELD", "Supervisor"}})
                    .has_any());
}

TEST(Heartbeat, FollowsAWindowThatHoldsToday)
{
    Window usual = last_days(3);
    Date today = usual.until - 1;
    EXPECT_TRUE(reaches_present(usual));
    EXPECT_TRUE(reaches_present({today, today}));
    EXPECT_FALSE(reaches_present({today - 10, today - 1}));
    EXPECT_FALSE(reaches_present({today + 1, today + 1}));
}
