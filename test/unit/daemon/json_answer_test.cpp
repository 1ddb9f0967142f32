#include "text/json_answer.hpp"

#include <gtest/gtest.h>

using namespace timesheetd;

namespace
{

constexpr JsonBounds bounds{1000, 4, 10};

std::string problem(const std::string& text, const JsonBounds& within = bounds)
{
    rapidjson::Document document;
    return parse_json(document, text, within).text;
}

std::string nested(std::size_t depth)
{
    return std::string(depth, '[') + std::string(depth, ']');
}

} // namespace

TEST(JsonAnswer, TakesWhatIsWithinItsBounds)
{
    rapidjson::Document document;
    ASSERT_EQ(parse_json(document, R"({"a":[{"b":[1,-2.5]}],"c":"\u00e9","d":null,"e":true})",
                         {1000, 4, 14})
                  .text,
              "");
    EXPECT_EQ(document["a"][0]["b"][1].GetDouble(), -2.5);
    EXPECT_EQ(text_member(document, "c"), "é");
    EXPECT_TRUE(document["e"].IsTrue());
}

TEST(JsonAnswer, NamesTheBoundThatIsExceeded)
{
    EXPECT_EQ(problem(nested(4)), "");
    EXPECT_EQ(problem(nested(5)), "the JSON is nested more than 4 deep");
    EXPECT_EQ(problem("[1,2,3,4,5,6,7,8,9]"), "");
    EXPECT_EQ(problem("[1,2,3,4,5,6,7,8,9,10]"), "the JSON has more than 10 values");
    EXPECT_EQ(problem("\"" + std::string(999, 'x') + "\""),
              "it has 1001 bytes, and at most 1000 are read");
}

TEST(JsonAnswer, CountsObjectsAndTheirNamesAsWellAsLists)
{
    EXPECT_NE(problem(R"({"a":{"a":{"a":{"a":{}}}}})"), "");
    EXPECT_NE(problem(R"({"a":1,"b":2,"c":3,"d":4,"e":5})"), "");
}

// A million brackets: neither the parser nor what walks through the result may use up the stack.
TEST(JsonAnswer, SurvivesAnyDepth)
{
    JsonBounds wide{64 * mebibyte, 32, 1'000'000};
    for (const std::string& text : {std::string(1'000'000, '['), nested(1'000'000)}) {
        rapidjson::Document document;
        EXPECT_EQ(parse_json(document, text, wide).text, "the JSON is nested more than 32 deep");
    }
    std::string objects;
    for (int i = 0; i < 200'000; ++i)
        objects += "{\"a\":";
    EXPECT_EQ(problem(objects, wide), "the JSON is nested more than 32 deep");
}

TEST(JsonAnswer, SaysWhereItIsNoJsonAndNothingOfTheText)
{
    for (const char* text : {"", "hush", "{\"hush\":", "[1] hush", "{\"a\":\"\xff\"hush"}) {
        std::string said = problem(text);
        EXPECT_NE(said, "") << text;
        EXPECT_EQ(said.find("hush"), std::string::npos) << said;
    }
}

TEST(JsonAnswer, DemandsAnObjectWhereOneIsWanted)
{
    rapidjson::Document document;
    EXPECT_EQ(parse_json_object(document, "[]", bounds).text, "it is not a JSON object");
    EXPECT_EQ(parse_json_object(document, "{}", bounds).text, "");
}
