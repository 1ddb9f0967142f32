#include "jibble/odata_page.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

using namespace timesheetd;

namespace
{

constexpr const char* guid = "8c1f0d3a-1111-4222-8333-0123456789ab";
constexpr const char* other_guid = "9c1f0d3a-1111-4222-8333-0123456789ab";

struct Scanned {
    PageEnvelope envelope;
    std::vector<std::optional<std::string>> ids;
    std::vector<std::string> texts;
};

Scanned scan(const std::string& page)
{
    Scanned scanned;
    scanned.envelope = scan_page(page, [&](const PageObject& object) {
        scanned.ids.push_back(object.id ? std::optional<std::string>(*object.id) : std::nullopt);
        scanned.texts.emplace_back(object.text);
    });
    return scanned;
}

// The one object of a page that holds only this.
std::string stored(const std::string& object)
{
    Scanned scanned = scan("{\"value\":[" + object + "]}");
    return scanned.texts.size() == 1 ? scanned.texts[0] : "not one element";
}

std::string complaint(const std::string& page)
{
    try {
        scan(page);
    } catch (const MalformedPage& e) {
        return e.what();
    }
    return "none";
}

std::string repeated(const std::string& text, int times)
{
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

} // namespace

TEST(ODataPage, HandsOverEachObjectByteForByte)
{
    std::string first = "{ \"b\" : 1.50 ,\t\"a\":[1, {\"x\": null}],\"\\u0061\":\"\\/\" }";
    Scanned scanned = scan("{\"value\" : [ " + first + " ,\n{}\n]}");
    EXPECT_EQ(scanned.texts, (std::vector<std::string>{first, "{}"}));
}

TEST(ODataPage, CountsRowsAndReadsTheCount)
{
    Scanned scanned = scan("{\"@odata.context\":\"c\",\"@odata.count\":1234,\"value\":[{},{},{}]}");
    EXPECT_EQ(scanned.envelope.rows, 3u);
    EXPECT_EQ(scanned.envelope.count, 1234u);
}

TEST(ODataPage, ReadsACountThatComesLastOrAsText)
{
    EXPECT_EQ(scan("{\"value\":[],\"@odata.count\":7}").envelope.count, 7u);
    EXPECT_EQ(scan("{\"@odata.count\":\"8\",\"value\":[]}").envelope.count, 8u);
}

TEST(ODataPage, HasNoCountWhereNoneCame)
{
    EXPECT_FALSE(scan("{\"value\":[{\"@odata.count\":5}]}").envelope.count);
    EXPECT_FALSE(scan("{\"@odata.count\":-1,\"value\":[]}").envelope.count);
}

TEST(ODataPage, TakesTheIdOfTheObjectItself)
{
    Scanned scanned =
        scan(std::string("{\"value\":[{\"person\":{\"id\":\"") + other_guid + "\"},\"id\":\"" +
             guid + "\",\"list\":[{\"id\":\"" + other_guid + "\"}]}]}");
    EXPECT_EQ(scanned.ids[0], guid);
}

TEST(ODataPage, HasNoIdWhereItIsNoGuid)
{
    Scanned scanned = scan("{\"value\":[{\"id\":5},{\"id\":null},{\"id\":\"abc\"},{\"ID\":\"" +
                           std::string(guid) + "\"},{\"id\":[\"" + guid + "\"]},{}]}");
    EXPECT_EQ(scanned.ids, std::vector<std::optional<std::string>>(6));
}

TEST(ODataPage, TakesTheLastOfTwoIds)
{
    std::string two = std::string("{\"id\":\"") + other_guid + "\",\"id\":\"" + guid + "\"}";
    Scanned scanned = scan("{\"value\":[" + two + "]}");
    EXPECT_EQ(scanned.ids[0], guid);
    EXPECT_EQ(scanned.texts[0], two);
}

TEST(ODataPage, DoesNotCarryAnIdOverToTheNextObject)
{
    Scanned scanned = scan("{\"value\":[{\"id\":\"" + std::string(guid) + "\"},{\"a\":1},7]}");
    EXPECT_FALSE(scanned.ids[1]);
    EXPECT_FALSE(scanned.ids[2]);
}

TEST(ODataPage, PassesElementsThatAreNoObjects)
{
    Scanned scanned = scan("{\"value\":[1, -2.5e3 ,\"a,b\" , null,true,[1,[2]], {}]}");
    EXPECT_EQ(scanned.texts, (std::vector<std::string>{"1", "-2.5e3", "\"a,b\"", "null", "true",
                                                       "[1,[2]]", "{}"}));
}

TEST(ODataPage, CutsTheFirstMember)
{
    EXPECT_EQ(stored("{\"pin\":\"1234\",\"a\":1}"), "{\"a\":1}");
}

TEST(ODataPage, CutsAMiddleMember)
{
    EXPECT_EQ(stored("{\"a\":1, \"pinCode\" : 1234 ,\"b\":2}"), "{\"a\":1,  \"b\":2}");
}

TEST(ODataPage, CutsTheLastMember)
{
    EXPECT_EQ(stored("{\"a\":1 , \"picture\":{\"url\":\"x\",\"id\":[1,2]} }"), "{\"a\":1   }");
}

TEST(ODataPage, CutsTheOnlyMember)
{
    EXPECT_EQ(stored("{\"pins\":[1,2]}"), "{}");
}

TEST(ODataPage, CutsEveryMember)
{
    EXPECT_EQ(stored("{\"pin\":1,\"pins\":[],\"faceData\":{}}"), "{}");
}

TEST(ODataPage, CutsTheLastTwoMembersAfterAKeptOne)
{
    EXPECT_EQ(stored("{\"a\":1,\"pin\":2,\"pins\":3}"), "{\"a\":1}");
}

TEST(ODataPage, CutsNestedMembersAtAnyDepth)
{
    EXPECT_EQ(stored("{\"p\":{\"q\":[{\"faceId\":1,\"r\":2},{\"r\":3,\"PIN\":4}]},\"s\":5}"),
              "{\"p\":{\"q\":[{\"r\":2},{\"r\":3}]},\"s\":5}");
}

TEST(ODataPage, CutsOnlyOnceWhereADeniedMemberHoldsAnother)
{
    EXPECT_EQ(stored("{\"faceData\":{\"pin\":1,\"x\":2},\"a\":3}"), "{\"a\":3}");
}

TEST(ODataPage, CutsWhateverTheCaseAndHoweverTheKeyIsWritten)
{
    EXPECT_EQ(stored("{\"PinCode\":1,\"p\\u0069n\":2,\"ISFACERECOGNIZED\":true,\"a\":1}"),
              "{\"a\":1}");
}

TEST(ODataPage, CutsKeysThatBeginWithFaceAndFlatKeysThatEndInADeniedName)
{
    EXPECT_EQ(stored("{\"faceWhatever\":1,\"IKioskSettings/PinCode\":2,\"a\":1}"), "{\"a\":1}");
}

TEST(ODataPage, KeepsWhatOnlyLooksDenied)
{
    std::string object = "{\"pinned\":1,\"surface\":2,\"a\":\"pin\",\"pictures\":[\"pin\",1]}";
    EXPECT_EQ(stored(object), object);
}

TEST(ODataPage, KeepsTheIdOfAnObjectItCutsFrom)
{
    Scanned scanned =
        scan("{\"value\":[{\"pin\":1,\"id\":\"" + std::string(guid) + "\",\"pins\":2}]}");
    EXPECT_EQ(scanned.ids[0], guid);
    EXPECT_EQ(scanned.texts[0], "{\"id\":\"" + std::string(guid) + "\"}");
}

TEST(ODataPage, PassesEscapedNulAndHalfSurrogatePairs)
{
    std::string object = "{\"note\":\"a\\u0000b\\ud83d c\\uDE00\",\"ok\":\"\\ud83d\\ude00\"}";
    EXPECT_EQ(stored(object), object);
}

TEST(ODataPage, PassesDuplicateKeys)
{
    std::string object = "{\"a\":1,\"a\":2}";
    EXPECT_EQ(stored(object), object);
}

TEST(ODataPage, PassesNumbersOfAnySize)
{
    std::string object = "{\"a\":1e999,\"b\":-1E-999,\"c\":" + repeated("9", 1000) + ",\"d\":0.10}";
    EXPECT_EQ(stored(object), object);
}

TEST(ODataPage, RefusesWhatIsNoNumber)
{
    for (const char* number : {"01", "1.", ".5", "+1", "1e", "-", "1.2.3", "NaN", "0x1"})
        EXPECT_NE(complaint("{\"value\":[" + std::string(number) + "]}"), "none") << number;
}

TEST(ODataPage, RefusesTruncatedText)
{
    std::string page = "{\"@odata.count\":1,\"value\":[{\"id\":\"a\",\"n\":[1,2.5]}]}";
    for (std::size_t length = 0; length < page.size(); ++length)
        EXPECT_NE(complaint(page.substr(0, length)), "none") << length;
}

TEST(ODataPage, RefusesTextAfterTheEnd)
{
    EXPECT_NE(complaint("{\"value\":[]}x"), "none");
}

TEST(ODataPage, SaysWhereTheJsonEnds)
{
    EXPECT_EQ(complaint("{\"value\":[1,]}"), "not JSON: Invalid value. at byte 12 of 14");
}

TEST(ODataPage, RefusesAPageWithoutAnArrayOfValues)
{
    for (const char* page : {"{}", "[]", "1", "{\"value\":{}}", "{\"value\":null}",
                             "{\"error\":{\"value\":[]}}", "[{\"value\":[1]}]"}) {
        EXPECT_EQ(complaint(page), "the JSON has no array \"value\"") << page;
        EXPECT_THROW(scan(page), MalformedPage) << page;
    }
}

TEST(ODataPage, SurvivesDeepNesting)
{
    EXPECT_NE(complaint(repeated("[", 100000)), "none");
    std::string deep = repeated("[", 100000) + repeated("]", 100000);
    EXPECT_EQ(stored(deep), deep);
    std::string objects = repeated("{\"a\":", 100000) + "1" + repeated("}", 100000);
    EXPECT_EQ(stored(objects), objects);
}
