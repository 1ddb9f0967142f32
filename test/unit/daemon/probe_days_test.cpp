#include "probe/probe_days.hpp"

#include <gtest/gtest.h>

#include "probe/probe_lists.hpp"

using namespace timesheetd;

namespace
{

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr long monday = 20'514; // 2026-03-02

// Of an agent in Manila, eight hours east: `local` is since Monday's midnight there.
ProbeEntry entry(EntryKind kind, milliseconds local, long date)
{
    static unsigned char number = 0;
    Guid id{};
    id[15] = ++number;
    return {id, {}, kind, hours(24) * monday - hours(8) + local, hours(8), {date}, {}, false};
}

} // namespace

//   Mon 22:00 In, 23:00 StartBreak, Tue 00:30 In, 04:00 Out
TEST(ProbeDays, AddUpWholeAndCutAtLocalMidnight)
{
    ProbeDays days({entry(EntryKind::in, hours(22), monday),
                    entry(EntryKind::start_break, hours(23), monday),
                    entry(EntryKind::in, minutes(24 * 60 + 30), monday + 1),
                    entry(EntryKind::out, hours(28), monday + 1)});
    EXPECT_TRUE(days.crosses_midnight({monday}));
    EXPECT_FALSE(days.crosses_midnight({monday + 1}));
    EXPECT_TRUE(days.is_certain({monday}) && days.is_certain({monday + 1}));
    EXPECT_EQ(days.whole({monday}).work, hours(1));
    EXPECT_EQ(days.whole({monday}).breaks, minutes(90));
    EXPECT_EQ(days.split({monday}).breaks, hours(1));
    EXPECT_EQ(days.split({monday + 1}).breaks, minutes(30));
    EXPECT_EQ(days.split({monday + 1}).work, minutes(210));
    EXPECT_EQ(days.whole({monday + 2}).work, hours(0));
}

TEST(ProbeDays, DoubtADayWithoutAnEndAndTheNext)
{
    ProbeDays days({entry(EntryKind::in, hours(9), monday),
                    entry(EntryKind::in, hours(33), monday + 1),
                    entry(EntryKind::out, hours(41), monday + 1)});
    EXPECT_FALSE(days.is_certain({monday}));
    EXPECT_FALSE(days.is_certain({monday + 1}));
    EXPECT_TRUE(days.is_certain({monday + 2}));
}

TEST(ProbeDays, DoubtADateThatIsNotTheEntrysOwn)
{
    ProbeDays days(
        {entry(EntryKind::in, hours(9), monday + 1), entry(EntryKind::out, hours(10), monday + 1)});
    EXPECT_FALSE(days.is_certain({monday + 1}));
}

TEST(ProbeDays, FitWithinAMinuteWithOrWithoutBreaks)
{
    DaySums sums{hours(8), hours(1)};
    EXPECT_EQ(fit(hours(9), sums), Fit::exact);
    EXPECT_EQ(fit(hours(8) - minutes(1), sums), Fit::exact);
    EXPECT_EQ(fit(minutes(8 * 60 - 30), sums), Fit::near); // half an hour deducted
    EXPECT_EQ(fit(minutes(6 * 60 + 28), sums), Fit::none);
    EXPECT_EQ(fit(minutes(9 * 60 + 2), sums), Fit::none);
    EXPECT_EQ(fit(minutes(3 * 60 - 30), {hours(3), hours(0)}),
              Fit::none); // too short for a deduction
}

TEST(ProbeLists, RiseAsTextOrAsSqlServerSorts)
{
    auto guid = [](const char* text) { return parse_guid(text).value(); };
    Guid low = guid("00000000-0000-0000-0000-000000000009");
    Guid high = guid("10000000-0000-0000-0000-000000000001");
    Guid higher = guid("20000000-0000-0000-0000-000000000005");
    EXPECT_TRUE(rises_by_id({low, high, higher}));
    EXPECT_TRUE(rises_by_id({high, higher, low})); // by the last six bytes first
    EXPECT_FALSE(rises_by_id({higher, high, low}));
    EXPECT_FALSE(rises_by_id({high, low, higher}));
}
