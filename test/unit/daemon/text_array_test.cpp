#include "postgres/text_array.hpp"

#include <gtest/gtest.h>

using namespace timesheetd;
using namespace std::string_literals;

namespace
{

const std::string one_dimension = "\0\0\0\1"s;
const std::string without_nulls = "\0\0\0\0"s;
const std::string with_nulls = "\0\0\0\1"s;
const std::string of_text = "\0\0\0\x19"s;
const std::string from_one = "\0\0\0\1"s;
const std::string null = "\xff\xff\xff\xff"s;

} // namespace

TEST(TextArray, HasNoDimensionWithoutElements)
{
    TextArray array;
    EXPECT_EQ(array.bytes(), "\0\0\0\0"s + without_nulls + of_text);
}

TEST(TextArray, TakesElementsAsTheyAre)
{
    TextArray array;
    array.add("a");
    array.add("");
    array.add(R"({"a":"\\ ' ,"})");
    EXPECT_EQ(array.bytes(), one_dimension + without_nulls + of_text + "\0\0\0\3"s + from_one +
                                 "\0\0\0\1a"s + "\0\0\0\0"s + "\0\0\0\xe"s + R"({"a":"\\ ' ,"})");
}

TEST(TextArray, TellsNullFromTheWord)
{
    TextArray array;
    array.add("NULL");
    array.add(std::nullopt);
    EXPECT_EQ(array.bytes(), one_dimension + with_nulls + of_text + "\0\0\0\2"s + from_one +
                                 "\0\0\0\4NULL"s + null);
}

TEST(TextArray, WritesLengthsBigEndian)
{
    TextArray array;
    array.add(std::string(0x01020304, 'x'));
    EXPECT_EQ(array.bytes().substr(20, 4), "\1\2\3\4"s);
}

TEST(TextArray, MayBeAskedTwiceAndAddedTo)
{
    TextArray array;
    array.bytes();
    array.add("a");
    array.bytes();
    EXPECT_EQ(array.bytes(),
              one_dimension + without_nulls + of_text + "\0\0\0\1"s + from_one + "\0\0\0\1a"s);
}
