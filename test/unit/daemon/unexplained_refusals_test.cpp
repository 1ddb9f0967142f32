#include "digest/unexplained_refusals.hpp"

#include <gtest/gtest.h>

using namespace timesheetd;
using Ids = std::vector<std::string>;

TEST(UnexplainedRefusals, WaitUntilAnotherIsAccepted)
{
    UnexplainedRefusals refusals;
    EXPECT_FALSE(refusals.has_accepted());
    refusals.add("1", "no");
    refusals.add("2", "never");
    EXPECT_EQ(refusals.waiting(), (Ids{"1", "2"}));
    EXPECT_EQ(refusals.last_error(), "never");
    refusals.accept();
    EXPECT_TRUE(refusals.has_accepted());
    EXPECT_EQ(refusals.waiting(), Ids{});
}

TEST(UnexplainedRefusals, DoNotWaitAfterOneWasAccepted)
{
    UnexplainedRefusals refusals;
    refusals.accept();
    refusals.add("1", "no");
    EXPECT_EQ(refusals.waiting(), Ids{});
}

TEST(UnexplainedRefusals, AreEnoughAtTenInARow)
{
    UnexplainedRefusals refusals;
    for (int n = 1; n <= 9; ++n)
        refusals.add(std::to_string(n), "no");
    EXPECT_FALSE(refusals.are_enough());
    refusals.accept();
    for (int n = 11; n <= 19; ++n)
        refusals.add(std::to_string(n), "no");
    EXPECT_FALSE(refusals.are_enough());
    refusals.add("20", "no");
    EXPECT_TRUE(refusals.are_enough());
}
