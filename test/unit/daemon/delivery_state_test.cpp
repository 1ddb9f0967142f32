#include "digest/delivery_state.hpp"

#include <gtest/gtest.h>

using namespace timesheetd;
using std::chrono::hours;
using std::chrono::seconds;

namespace
{

constexpr seconds max_wait{60};

AttemptEnd end_of(Outcome outcome, bool recognises_repeats = true, seconds wait = seconds(0))
{
    return after_attempt({outcome, "", "why", wait}, recognises_repeats, max_wait);
}

} // namespace

TEST(DeliveryState, FollowsAClearAnswerAndLetsTheOthersGoOn)
{
    for (auto [outcome, state] : {std::pair(Outcome::accepted, DeliveryState::sent),
                                  std::pair(Outcome::refused, DeliveryState::failed),
                                  std::pair(Outcome::retry, DeliveryState::queued)})
        for (bool recognises_repeats : {true, false}) {
            AttemptEnd end = end_of(outcome, recognises_repeats);
            EXPECT_EQ(end.state, state);
            EXPECT_FALSE(end.is_indeterminate || end.ends_pass);
            EXPECT_EQ(end.pause_of_all.count(), 0);
        }
}

TEST(DeliveryState, IsTriedAgainWithoutAnAnswerWhereARepeatSendsNothingTwice)
{
    AttemptEnd end = end_of(Outcome::indeterminate, true);
    EXPECT_EQ(end.state, DeliveryState::queued);
    EXPECT_TRUE(end.is_indeterminate);
    EXPECT_FALSE(end.ends_pass);
}

TEST(DeliveryState, IsInDoubtWithoutAnAnswerWhereARepeatCouldSendItTwice)
{
    AttemptEnd end = end_of(Outcome::indeterminate, false);
    EXPECT_EQ(end.state, DeliveryState::in_doubt);
    EXPECT_TRUE(end.is_indeterminate && end.ends_pass);
    EXPECT_EQ(end.pause_of_all, hours(1));
    EXPECT_NE(end.pause_reason, "why"); // the others were not even tried
}

TEST(DeliveryState, StaysQueuedWhereEveryOtherWouldEndTheSame)
{
    AttemptEnd misconfigured = end_of(Outcome::misconfigured);
    EXPECT_EQ(misconfigured.state, DeliveryState::queued);
    EXPECT_TRUE(misconfigured.ends_pass);
    EXPECT_EQ(misconfigured.pause_of_all.count(), 0); // it may be corrected at once

    AttemptEnd exhausted = end_of(Outcome::quota_exceeded);
    EXPECT_EQ(exhausted.state, DeliveryState::queued);
    EXPECT_TRUE(exhausted.ends_pass);
    EXPECT_EQ(exhausted.pause_of_all, hours(24));
    EXPECT_EQ(exhausted.pause_reason, "why");
    EXPECT_EQ(end_of(Outcome::quota_exceeded, true, hours(30)).pause_of_all, hours(30));
}

TEST(DeliveryState, IsReturnedWhereTheRefusalIsNotItsFault)
{
    for (Outcome outcome : {Outcome::misconfigured, Outcome::quota_exceeded})
        EXPECT_FALSE(end_of(outcome).is_counted);
    for (Outcome outcome :
         {Outcome::accepted, Outcome::refused, Outcome::retry, Outcome::indeterminate})
        EXPECT_TRUE(end_of(outcome).is_counted);
    EXPECT_EQ(end_of(Outcome::quota_exceeded, true, hours(1)).pause_of_all, hours(1));
}

TEST(DeliveryState, FailsWithoutAReasonOnlyWhereAnotherWasAccepted)
{
    MailAnswer answer{Outcome::unexplained, "", "why"};
    AttemptEnd first = after_attempt(answer, true, max_wait, false);
    EXPECT_EQ(first.state, DeliveryState::queued);
    EXPECT_FALSE(first.is_counted || first.ends_pass || first.is_indeterminate);
    EXPECT_EQ(first.pause_of_all.count(), 0);
    AttemptEnd later = after_attempt(answer, true, max_wait, true);
    EXPECT_EQ(later.state, DeliveryState::failed);
    EXPECT_TRUE(later.is_counted);
    EXPECT_FALSE(later.ends_pass || later.is_indeterminate);
}

TEST(DeliveryState, LeavesALongWaitToALaterPass)
{
    for (Outcome outcome : {Outcome::retry, Outcome::indeterminate}) {
        EXPECT_FALSE(end_of(outcome, true, max_wait).ends_pass);
        AttemptEnd end = end_of(outcome, true, max_wait + seconds(1));
        EXPECT_EQ(end.state, DeliveryState::queued);
        EXPECT_TRUE(end.ends_pass);
        EXPECT_EQ(end.pause_of_all, max_wait + seconds(1));
        EXPECT_EQ(end.is_indeterminate, outcome == Outcome::indeterminate);
    }
}

TEST(DeliveryState, HasTheNamesOfTheTable)
{
    EXPECT_STREQ(to_text(DeliveryState::queued), "queued");
    EXPECT_STREQ(to_text(DeliveryState::sent), "sent");
    EXPECT_STREQ(to_text(DeliveryState::failed), "failed");
    EXPECT_STREQ(to_text(DeliveryState::in_doubt), "in_doubt");
}
