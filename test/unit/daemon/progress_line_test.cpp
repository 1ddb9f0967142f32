#include "process/progress_line.hpp"

#include <gtest/gtest.h>

#include "text/thousands.hpp"

using namespace timesheetd;

namespace
{

ProgressState state()
{
    ProgressState s;
    s.what = "backfill";
    s.share = 0.64;
    s.entries = 18432;
    s.seconds = 7.98;
    s.slice = {*parse_date("2026-10-05"), *parse_date("2026-11-01")};
    return s;
}

std::size_t columns(const std::string& line)
{
    std::size_t n = 0;
    for (char c : line)
        n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return n;
}

} // namespace

TEST(ProgressLine, ShowsBarShareEntriesRateTimeLeftAndSlice)
{
    EXPECT_EQ(progress_line(state(), 91),
              "backfill  [########------]  64 %  18,432 entries  2,309/s  0:04 left  "
              "2026-10-05…2026-11-01");
}

TEST(ProgressLine, NeverExceedsTheColumns)
{
    for (std::size_t width = 1; width < 200; ++width)
        EXPECT_LE(columns(progress_line(state(), width)), width);
}

TEST(ProgressLine, LeavesOffFromTheRightWhereThereIsNoRoom)
{
    EXPECT_EQ(progress_line(state(), 60),
              "backfill  [##########-------]  64 %  18,432 entries  2,309/s");
    EXPECT_EQ(progress_line(state(), 20), "64 %");
}

TEST(ProgressLine, HasNoRateOrTimeLeftAtTheBeginning)
{
    ProgressState s = state();
    s.share = 0;
    s.entries = 0;
    s.seconds = 0;
    EXPECT_EQ(progress_line(s, 70),
              "backfill  [------------------]   0 %  0 entries  2026-10-05…2026-11-01");
}

TEST(ProgressLine, IsFullAtTheEnd)
{
    ProgressState s = state();
    s.share = 1.5;
    EXPECT_EQ(progress_line(s, 40), "backfill  [#####################]  100 %");
}

TEST(ProgressLine, WritesHoursOfTimeLeft)
{
    ProgressState s = state();
    s.share = 0.5;
    s.seconds = 3725;
    EXPECT_NE(progress_line(s, 200).find("  1:02:05 left"), std::string::npos);
}

TEST(Thousands, AreGroupedByCommas)
{
    EXPECT_EQ(thousands(0), "0");
    EXPECT_EQ(thousands(999), "999");
    EXPECT_EQ(thousands(1000), "1,000");
    EXPECT_EQ(thousands(1234567), "1,234,567");
    EXPECT_EQ(thousands(-1000), "-1,000");
}
