#include "array_literal.hpp"

#include <gtest/gtest.h>

using namespace timesheetd;

TEST(ArrayLiteral, IsEmptyBracesWithoutElements)
{
    ArrayLiteral array;
    EXPECT_STREQ(array.c_str(), "{}");
}

TEST(ArrayLiteral, QuotesEveryElement)
{
    ArrayLiteral array;
    array.add("a");
    array.add("");
    array.add("b c");
    EXPECT_STREQ(array.c_str(), "{\"a\",\"\",\"b c\"}");
}

TEST(ArrayLiteral, EscapesQuotesAndBackslashesOnly)
{
    ArrayLiteral array;
    array.add("{\"a\":\"\\u0000,\n'\"}");
    EXPECT_STREQ(array.c_str(), "{\"{\\\"a\\\":\\\"\\\\u0000,\n'\\\"}\"}");
}

TEST(ArrayLiteral, TellsNullFromTheWord)
{
    ArrayLiteral array;
    array.add(std::nullopt);
    array.add("NULL");
    array.add(std::nullopt);
    EXPECT_STREQ(array.c_str(), "{NULL,\"NULL\",NULL}");
}

TEST(ArrayLiteral, MayBeAskedTwice)
{
    ArrayLiteral array;
    array.add("a");
    array.c_str();
    EXPECT_STREQ(array.c_str(), "{\"a\"}");
}

TEST(ArrayLiteral, TakesAnothersElements)
{
    ArrayLiteral whole;
    ArrayLiteral empty;
    ArrayLiteral two;
    two.add("a,b");
    two.add(std::nullopt);
    whole.append(empty);
    whole.append(two);
    whole.append(empty);
    whole.append(two);
    EXPECT_STREQ(whole.c_str(), R"({"a,b",NULL,"a,b",NULL})");
}
