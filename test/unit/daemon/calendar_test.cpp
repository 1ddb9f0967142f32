#include "jibble/calendar.hpp"

#include <gtest/gtest.h>

#include "commands/backfill.hpp"

using namespace timesheetd;

namespace
{

Date date(const char* text)
{
    return parse_date(text).value();
}

long long seconds(const char* text)
{
    auto instant = parse_instant(text);
    return instant ? std::chrono::system_clock::to_time_t(*instant) : -1;
}

} // namespace

TEST(Calendar, CountsDaysSince1970)
{
    EXPECT_EQ(date("1970-01-01").day, 0);
    EXPECT_EQ(date("2026-03-02").day, 20514);
    EXPECT_EQ(date("1969-12-31").day, -1);
}

TEST(Calendar, WritesEveryDateOfFourCenturiesAsItReadsIt)
{
    for (Date d = date("1899-12-31"); d < date("2300-01-02"); d = d + 1)
        ASSERT_EQ(date(to_text(d).c_str()).day, d.day);
}

TEST(Calendar, KnowsLeapYears)
{
    EXPECT_TRUE(parse_date("2024-02-29"));
    EXPECT_TRUE(parse_date("2000-02-29"));
    EXPECT_FALSE(parse_date("2026-02-29"));
    EXPECT_FALSE(parse_date("1900-02-29"));
}

TEST(Calendar, RefusesWhatIsNoDate)
{
    for (const char* text : {"", "2026-2-3", "2026-02-30", "2026-13-01", "2026-00-10", "2026-01-00",
                             "2026-04-31", "0000-01-01", "26-01-01", "2026/01/01", "2026-01-01T",
                             " 2026-01-01", "yesterday", "-026-01-01"})
        EXPECT_FALSE(parse_date(text)) << text;
}

TEST(Calendar, ReadsInstantsWithAnyFraction)
{
    EXPECT_EQ(seconds("1970-01-01T00:00:10Z"), 10);
    EXPECT_EQ(seconds("2025-06-11T05:18:51.0588326Z"), 1749619131);
    EXPECT_EQ(seconds("2025-06-11T13:18:51.1+08:00"), 1749619131);
    EXPECT_EQ(seconds("2025-06-10T23:48:51-05:30"), 1749619131);
}

TEST(Calendar, CutsInstantsToMilliseconds)
{
    auto fraction = [](const char* text) {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
                   parse_instant(text).value() - parse_instant("2025-06-11T05:18:51Z").value())
            .count();
    };
    EXPECT_EQ(fraction("2025-06-11T05:18:51.0588326Z"), 58);
    EXPECT_EQ(fraction("2025-06-11T05:18:51.7Z"), 700);
    EXPECT_EQ(fraction("2025-06-11T05:18:51.9999999Z"), 999);
}

TEST(Calendar, RefusesWhatIsNoInstant)
{
    for (const char* text :
         {"", "5", "2025-06-11", "2025-06-11T05:18:51", "2025-06-11T05:18Z", "2025-06-11 05:18:51Z",
          "2025-06-11T25:18:51Z", "2025-06-11T05:18:51+8"})
        EXPECT_FALSE(parse_instant(text)) << text;
}

TEST(BackfillSlices, CoverTheWindowOldestFirst)
{
    auto slices = backfill_slices({date("2026-01-01"), date("2026-03-01")});
    ASSERT_EQ(slices.size(), 3u);
    EXPECT_EQ(to_text(slices[0]), "2026-01-01…2026-01-28");
    EXPECT_EQ(to_text(slices[1]), "2026-01-29…2026-02-25");
    EXPECT_EQ(to_text(slices[2]), "2026-02-26…2026-03-01");
}

TEST(Calendar, RefusesInstantsThatTheClockCannotHold)
{
    EXPECT_TRUE(parse_instant("2262-04-01T00:00:00Z"));
    EXPECT_TRUE(parse_instant("2262-04-06T23:59:59.999-99:99")); // 2262-04-11T04:38:59.999Z
    EXPECT_TRUE(parse_instant("1677-09-27T00:00:00+99:99"));     // 1677-09-22T19:21:00Z
    for (const char* text : {"9999-12-31T23:59:59.9999999Z", "2262-04-12T00:00:00Z",
                             "1677-09-20T00:00:00Z", "0001-01-01T00:00:00+99:00"})
        EXPECT_FALSE(parse_instant(text)) << text;
}

TEST(BackfillSlices, AreOneForADay)
{
    auto slices = backfill_slices({date("2026-01-01"), date("2026-01-01")});
    ASSERT_EQ(slices.size(), 1u);
    EXPECT_EQ(slices[0].days(), 1);
}
