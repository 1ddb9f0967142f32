#include "text/iso_duration.hpp"

#include <gtest/gtest.h>

using namespace timesheetd;

namespace
{

long long milliseconds(const char* text)
{
    auto duration = parse_iso_duration(text);
    return duration ? duration->count() : -1;
}

} // namespace

TEST(IsoDuration, ReadsWhatJibbleWrites)
{
    EXPECT_EQ(milliseconds("PT8H"), 8 * 3'600'000);
    EXPECT_EQ(milliseconds("PT5H30M"), 330 * 60'000);
    EXPECT_EQ(milliseconds("PT0S"), 0);
    EXPECT_EQ(milliseconds("PT6H6M52.753408S"), (6 * 3600 + 6 * 60 + 52) * 1000 + 753);
    EXPECT_EQ(milliseconds("P1DT6H"), 30 * 3'600'000);
    EXPECT_EQ(milliseconds("P2D"), 48 * 3'600'000);
    EXPECT_EQ(parse_iso_duration("-PT6H")->count(), -6 * 3'600'000);
}

TEST(IsoDuration, RefusesEveryOtherForm)
{
    for (const char* text :
         {"",       "P",      "PT",     "P1DT",  "8H",     "PT8",           "PT8X",
          "PT1M1H", "PT1H1H", "PT1.5H", "PT1.S", "PT.5S",  "P1H",           "PT1HT1M",
          "PT1H ",  "P1Y",    "P1W",    "PT-1H", "--PT1H", "PT9999999999H", "pt1h"})
        EXPECT_FALSE(parse_iso_duration(text)) << text;
}
