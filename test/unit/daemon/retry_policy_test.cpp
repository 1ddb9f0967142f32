#include "http/retry_policy.hpp"

#include <gtest/gtest.h>

#include "http/rate_limit.hpp"

using namespace timesheetd;
using namespace std::chrono_literals;

TEST(RetryPolicy, DoublesTheBoundFromTheBaseToTheCap)
{
    double nearly_one = 1;
    EXPECT_EQ(service_retries.delay(2, nearly_one), 500ms);
    EXPECT_EQ(service_retries.delay(3, nearly_one), 1000ms);
    EXPECT_EQ(service_retries.delay(4, nearly_one), 2000ms);
    EXPECT_EQ(service_retries.delay(50, nearly_one), 30s);
}

TEST(RetryPolicy, JittersOverTheWholeBound)
{
    EXPECT_EQ(service_retries.delay(4, 0), 0ms);
    EXPECT_EQ(service_retries.delay(4, 0.25), 500ms);
}

TEST(RetryPolicy, WaitsAtLeastAsAsked)
{
    EXPECT_EQ(service_retries.delay(2, 0.5, 7s), 7s);
    EXPECT_EQ(service_retries.delay(5, 1, 1s), 4s);
}

TEST(RetryPolicy, WaitsAtMostAQuarterOfAnHourWhateverIsAsked)
{
    EXPECT_EQ(service_retries.delay(2, 0, 3600s), 15min);
}

TEST(RateLimit, SpacesRequestsEvenly)
{
    RateLimit limit(4);
    RateLimit::Clock::time_point now(1h);
    EXPECT_EQ(limit.reserve(now), 0ms);
    EXPECT_EQ(limit.reserve(now), 250ms);
    EXPECT_EQ(limit.reserve(now + 100ms), 400ms);
}

TEST(RateLimit, GivesNoCreditForIdleTime)
{
    RateLimit limit(1);
    RateLimit::Clock::time_point now(1h);
    limit.reserve(now);
    EXPECT_EQ(limit.reserve(now + 1min), 0ms);
    EXPECT_EQ(limit.reserve(now + 1min), 1s);
}

TEST(RateLimit, TakesFractions)
{
    RateLimit limit(0.5);
    RateLimit::Clock::time_point now(1h);
    limit.reserve(now);
    EXPECT_EQ(limit.reserve(now), 2s);
}

TEST(RateLimit, HoldsWhileTheOtherSideWantsNone)
{
    RateLimit limit(4);
    RateLimit::Clock::time_point now(1h);
    limit.hold(now, 2s);
    EXPECT_EQ(limit.reserve(now + 500ms), 1500ms);
    EXPECT_EQ(limit.reserve(now + 2s), 250ms);
    limit.hold(now + 2s, 100ms); // shorter than what is held already
    EXPECT_EQ(limit.reserve(now + 3s), 0ms);
}
