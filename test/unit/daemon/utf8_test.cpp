#include "text/utf8.hpp"

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

// Characters that cannot be seen, or that turn what is around them.
TEST(OneLine, TurnsFormatCharactersIntoABlank)
{
    for (
        const char* hidden : {
            "\u0080",     "\u0085",     "\u009b",     "\u009f", // C1, of which U+009B begins a terminal's command
            "\u2028",     "\u2029",     "\u202a",     "\u202e", // line and paragraph separators, overrides
            "\u2066",     "\u2069",     "\u061c",     "\u200e", "\u200f", // isolates, marks
            "\u200b",     "\u200d",     "\ufeff",     "\u2060", "\u00ad", // zero widths
            "\U000E0001", "\U000E0041", "\U000E007F",                     // tags
        })
        EXPECT_EQ(one_line(std::string("a") + hidden + hidden + "b"), "a b") << hidden;
    EXPECT_EQ(one_line("a\xED\xA0\x80z"), std::string("a") + mark + mark + mark + "z");
}

TEST(OneLine, LeavesNamesOfAllScriptsAlone)
{
    std::string names =
        "José Ñuñez, Łukasz, Владимир, 山田太郎, محمد, תמר, 김, 😀, a\u00a0b, e\u0301";
    EXPECT_EQ(one_line(names), names);
    EXPECT_EQ(visible_lines(names), names);
    EXPECT_EQ(visible_in_json(names), names);
}

TEST(VisibleLines, KeepsLinesAndTabsAlone)
{
    EXPECT_EQ(visible_lines("a\n\tb\r\x1b[31mc\u202e\n"), "a\n\tb [31mc \n");
}

TEST(VisibleInJson, LeavesToTheEscapesWhatTheyCover)
{
    EXPECT_EQ(visible_in_json("a\nb\x01\x7f\u009b\u2028\u202e"), "a\nb\x01 ");
}
