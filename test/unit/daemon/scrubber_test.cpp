#include "process/scrubber.hpp"

#include <gtest/gtest.h>

using namespace timesheetd;

TEST(Scrubber, HidesEveryOccurrence)
{
    Scrubber s;
    s.hide("password", "hunter2");
    EXPECT_EQ(s.scrub("hunter2 is hunter2"), "*** is ***");
}

TEST(Scrubber, HidesTheLongerOfTwoThatOverlap)
{
    Scrubber s;
    s.hide("a", "pass");
    s.hide("b", "password");
    EXPECT_EQ(s.scrub("password pass"), "*** ***");
}

TEST(Scrubber, ForgetsTheOldSecretOfAName)
{
    Scrubber s;
    s.hide("token", "first-token");
    s.hide("token", "second-token");
    EXPECT_EQ(s.scrub("first-token second-token"), "first-token ***");
}

TEST(Scrubber, LeavesTextAloneForAnEmptyOrTinySecret)
{
    Scrubber s;
    s.hide("empty", "");
    s.hide("tiny", "a");
    EXPECT_EQ(s.scrub("banana"), "banana");
}

// Basic authentication is base64 of "api:KEY"; each of the three places in a group of three bytes
// differs.
TEST(Scrubber, HidesBase64WhereverTheSecretBegins)
{
    Scrubber s;
    s.hide("key", "key-hush-hush");
    for (const char* text : {
             "a2V5LWh1c2gtaHVzaA==",         // key-hush-hush
             "a2V5LWh1c2gtaHVzaA",           // without padding
             "YXBpOmtleS1odXNoLWh1c2g=",     // api:key-hush-hush
             "dTprZXktaHVzaC1odXNo",         // u:key-hush-hush
             "dXNlcjprZXktaHVzaC1odXNoIQ==", // user:key-hush-hush!
         })
        EXPECT_EQ(s.scrub(std::string("Basic ") + text + " sent"), "Basic *** sent") << text;
}

TEST(Scrubber, HidesBothAlphabetsOfBase64)
{
    Scrubber s;
    s.hide("key", "\xfb\xff\xbe~~?>>");
    EXPECT_EQ(s.scrub("x +/++fn4/Pj4= y"), "x *** y");
    EXPECT_EQ(s.scrub("x -_--fn4_Pj4= y"), "x *** y");
}

TEST(Scrubber, HidesWhatIsPercentEncodedOrEscaped)
{
    Scrubber s;
    s.hide("key", "a/b c\"d\\e");
    EXPECT_EQ(s.scrub("?k=a%2Fb%20c%22d%5Ce&"), "?k=***&");
    EXPECT_EQ(s.scrub("?k=a%2fb%20c%22d%5ce&"), "?k=***&");
    EXPECT_EQ(s.scrub("?k=a%2Fb+c%22d%5Ce&"), "?k=***&");
    EXPECT_EQ(s.scrub(R"({"k":"a/b c\"d\\e"})"), R"({"k":"***"})");
    EXPECT_EQ(s.scrub(R"({"k":"a\/b c\"d\\e"})"), R"({"k":"***"})");
}

TEST(Scrubber, LeavesOtherBase64Alone)
{
    Scrubber s;
    s.hide("key", "key-hush-hush");
    EXPECT_EQ(s.scrub("YXBpOm90aGVyLWh1c2g= banana"), "YXBpOm90aGVyLWh1c2g= banana");
}
