// R11, by a calendar: 2026-03-02 was a Monday; days count from 2000-01-01.
#include <gtest/gtest.h>

#include "week.hpp"

namespace timesheet
{
namespace
{

constexpr Day monday = 9557; // 2026-03-02

TEST(WeekStart, monday_based_week_begins_on_its_monday)
{
    for (int i = 0; i < 7; i++)
        EXPECT_EQ(week_start(monday + i, 1), monday);
    EXPECT_EQ(week_start(monday - 1, 1), monday - 7);
}

TEST(WeekStart, sunday_based_week_begins_the_day_before)
{
    EXPECT_EQ(week_start(monday - 1, 7), monday - 1);
    EXPECT_EQ(week_start(monday + 5, 7), monday - 1);
    EXPECT_EQ(week_start(monday + 6, 7), monday + 6);
}

TEST(WeekStart, days_before_2000_too)
{
    EXPECT_EQ(week_start(-1, 1), -5); // Friday 1999-12-31 is in the week of Monday 1999-12-27
}

} // namespace
} // namespace timesheet
