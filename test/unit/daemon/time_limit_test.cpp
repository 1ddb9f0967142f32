#include "process/time_limit.hpp"

#include <gtest/gtest.h>

#include "ingest/slice_fit.hpp"
#include "process/failure.hpp"

using namespace timesheetd;
using namespace std::chrono_literals;

TEST(TimeLimit, IsAWholeNumberOfSeconds)
{
    EXPECT_EQ(parse_time_limit("1"), 1s);
    EXPECT_EQ(parse_time_limit("240"), 240s);
    EXPECT_EQ(parse_time_limit("86400"), 86400s);
}

TEST(TimeLimit, ThatIsNoneIsNamedWithWhatItMayBe)
{
    for (const char* text : {"", "0", "-1", "86401", "5s", "1.5", " 5", "5 ", "+5", "0x5", "five",
                             "99999999999999999999999"})
        try {
            parse_time_limit(text);
            FAIL() << text;
        } catch (const WrongUsage& e) {
            EXPECT_EQ(std::string(e.what()),
                      "--time-limit: \"" + std::string(text) +
                          "\" is not a whole number of seconds from 1 to 86400; use for example "
                          "240, or leave the option out for no limit");
        }
}

TEST(TimeLimit, WithoutOneThereIsAlwaysTime)
{
    EXPECT_FALSE(has_time_limit());
    EXPECT_FALSE(time_left());
    EXPECT_FALSE(is_time_up());
    EXPECT_EQ(time_to_close(), 0s);
    require_time(1000h);
    ReservedTime reserved(20s);
    EXPECT_FALSE(time_left());
    EXPECT_FALSE(is_time_up());
}

// Of 28 days a quarter came within 1 s, so all of them take 4 s, 3 more.
TEST(SliceFit, ASliceThatFitsIsReadOn)
{
    EXPECT_EQ(fitting_days(28, 1s, 0.25, 3.1s), 0);
    EXPECT_EQ(fitting_days(28, 1s, 1.0, 0.1s), 0);
}

// 2 s are left: in 1 s of them 28 / 4 days are read, and 1 s is for the rest.
TEST(SliceFit, OneThatDoesNotGetsTheDaysOfHalfTheTime)
{
    EXPECT_EQ(fitting_days(28, 1s, 0.25, 2s), 7);
    EXPECT_EQ(fitting_days(28, 1s, 0.25, 0.01s), 1);
    EXPECT_EQ(fitting_days(2, 10s, 0.5, 9.9s), 1);
}

TEST(SliceFit, NothingIsSaidBeforeThereIsAShareNorOfOneDay)
{
    EXPECT_EQ(fitting_days(28, 1s, 0, 1s), 0);
    EXPECT_EQ(fitting_days(1, 1s, 0.01, 1s), 0);
}

TEST(SliceFit, GrowsWhereThreeAsLongWouldFit)
{
    EXPECT_EQ(next_slice_days(7, 28, 1s, 3.1s), 14);
    EXPECT_EQ(next_slice_days(7, 28, 1s, 2.9s), 7);
    EXPECT_EQ(next_slice_days(20, 28, 1s, 100s), 28);
}
