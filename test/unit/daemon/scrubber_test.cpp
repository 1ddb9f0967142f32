#include "scrubber.hpp"

#include <gtest/gtest.h>

using namespace timesheetd;

TEST(Scrubber, HidesEveryOccurrence)
{
    Scrubber s;
    s.hide("password", "hunter2");
    EXPECT_EQ(s.scrub("hunter2 is hunter2"), "*** is ***");
}

TEST(Scrubber, HidesTheLongerOfTwoThatOverlap)
{
    Scrubber s;
    s.hide("a", "pass");
    s.hide("b", "password");
    EXPECT_EQ(s.scrub("password pass"), "*** ***");
}

TEST(Scrubber, ForgetsTheOldSecretOfAName)
{
    Scrubber s;
    s.hide("token", "first-token");
    s.hide("token", "second-token");
    EXPECT_EQ(s.scrub("first-token second-token"), "first-token ***");
}

TEST(Scrubber, LeavesTextAloneForAnEmptyOrTinySecret)
{
    Scrubber s;
    s.hide("empty", "");
    s.hide("tiny", "a");
    EXPECT_EQ(s.scrub("banana"), "banana");
}
