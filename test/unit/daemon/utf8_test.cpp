#include "utf8.hpp"

#include <gtest/gtest.h>

using namespace timesheetd;

namespace
{

std::string storable(std::string text)
{
    make_storable(text);
    return text;
}

constexpr const char* mark = "\xEF\xBF\xBD";

} // namespace

TEST(Utf8, LeavesValidTextAlone)
{
    std::string text = "a\n\x7F é € 😀 \xF4\x8F\xBF\xBF";
    EXPECT_EQ(make_storable(text), 0u);
    EXPECT_EQ(text, "a\n\x7F é € 😀 \xF4\x8F\xBF\xBF");
}

TEST(Utf8, ReplacesNulBytes)
{
    EXPECT_EQ(storable(std::string("a\0b", 3)), std::string("a") + mark + "b");
}

TEST(Utf8, ReplacesStrayAndMissingContinuationBytes)
{
    EXPECT_EQ(storable("a\x80z"), std::string("a") + mark + "z");
    EXPECT_EQ(storable("a\xC3z"), std::string("a") + mark + "z");
    EXPECT_EQ(storable("a\xE2\x82z"), std::string("a") + mark + "z");
    EXPECT_EQ(storable("a\xE2\x82"), std::string("a") + mark);
    EXPECT_EQ(storable("\xFF\xFE"), std::string(mark) + mark);
}

TEST(Utf8, ReplacesWhatPostgresRefuses)
{
    std::string overlong = "\xC0\x80";
    EXPECT_EQ(storable(overlong).find("\xC0"), std::string::npos);
    std::string surrogate = "\xED\xA0\x80";
    EXPECT_EQ(storable(surrogate).find("\xED"), std::string::npos);
    std::string too_high = "\xF4\x90\x80\x80";
    EXPECT_EQ(storable(too_high).find("\xF4"), std::string::npos);
}

TEST(Utf8, CountsWhatItReplaced)
{
    std::string text("\xFF a \0", 5);
    EXPECT_EQ(make_storable(text), 2u);
}

TEST(OneLine, TurnsRunsOfControlCharactersIntoABlank)
{
    EXPECT_EQ(one_line("a\n\tb\x7F"), "a b ");
}

TEST(OneLine, NeverCutsACharacterInHalf)
{
    EXPECT_EQ(one_line("aé", 2), "a");
    EXPECT_EQ(one_line("aé", 3), "aé");
}
