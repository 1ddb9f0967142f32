#include "http/api_error.hpp"

#include <gtest/gtest.h>

#include "jibble/access_token.hpp"
#include "process/failure.hpp"

using namespace timesheetd;
using namespace std::chrono_literals;

namespace
{

HttpResponse answer(long status, const std::string& body)
{
    HttpResponse response;
    response.status = status;
    response.body = body;
    return response;
}

constexpr AccessToken::Clock::time_point noon(12h);

AccessToken token()
{
    return AccessToken("https://identity.example.com", "id&1", "se cret");
}

} // namespace

TEST(ApiError, QuotesCodeAndMessageButNoTrace)
{
    ApiError error = parse_api_error(answer(
        402,
        R"({"error":{"code":"feature_restricted","message":"not in\nyour plan","innererror":{"trace":["at X"]}}})"));
    EXPECT_EQ(error.code, "feature_restricted");
    EXPECT_EQ(error.text, "402 (feature_restricted: not in your plan)");
}

TEST(ApiError, ShortensALongMessage)
{
    ApiError error =
        parse_api_error(answer(500, R"({"error":{"message":")" + std::string(5000, 'x') + "\"}}"));
    EXPECT_EQ(error.text, "500 (" + std::string(200, 'x') + ")");
}

TEST(ApiError, ReadsAnErrorThatIsAText)
{
    EXPECT_EQ(parse_api_error(answer(400, R"({"error":"invalid_client"})")).code, "invalid_client");
}

TEST(ApiError, ReadsTheShapesOfTheMailServicesAndOfAirtable)
{
    EXPECT_EQ(
        parse_api_error(answer(422, R"({"statusCode":422,"name":"invalid_to","message":"no"})"))
            .text,
        "422 (invalid_to: no)");
    EXPECT_EQ(parse_api_error(answer(400, R"({"success":false,"message":"no"})")).text, "400 (no)");
    EXPECT_EQ(
        parse_api_error(answer(400, R"({"success":false,"error":{"path":"email","message":"no"}})"))
            .text,
        "400 (email: no)");
    EXPECT_EQ(parse_api_error(answer(422, R"({"error":{"type":"INVALID","message":"no"}})")).text,
              "422 (INVALID: no)");
    EXPECT_EQ(parse_api_error(answer(404, R"({"error":"NOT_FOUND"})")).text, "404 (NOT_FOUND)");
    EXPECT_EQ(
        parse_api_error(answer(429, R"({"errors":[{"error":"RATE_LIMIT","message":"slowly"}]})"))
            .text,
        "429 (RATE_LIMIT: slowly)");
}

TEST(ApiError, QuotesNothingOfOtherBodies)
{
    for (const char* body :
         {"", "<html>hush</html>", "[\"hush\"]", R"({"hush":1})", R"({"error":)"})
        EXPECT_EQ(parse_api_error(answer(503, body)).text, "503") << body;
}

TEST(AccessToken, AsksWithEscapedCredentials)
{
    HttpRequest request = token().request();
    EXPECT_EQ(request.url, "https://identity.example.com/connect/token");
    EXPECT_EQ(request.form.value(),
              "grant_type=client_credentials&client_id=id%261&client_secret=se%20cret");
}

TEST(AccessToken, IsKeptUntilShortlyBeforeItExpires)
{
    AccessToken t = token();
    EXPECT_FALSE(t.is_valid(noon));
    t.accept(answer(200, R"({"access_token":"abcdef","expires_in":3600})"), noon);
    EXPECT_EQ(t.text(), "abcdef");
    EXPECT_TRUE(t.is_valid(noon + 3500s));
    EXPECT_FALSE(t.is_valid(noon + 3541s));
}

TEST(AccessToken, MayBeShortLived)
{
    AccessToken t = token();
    t.accept(answer(200, R"({"access_token":"abcdef","expires_in":5})"), noon);
    EXPECT_TRUE(t.is_valid(noon + 3s));
    EXPECT_FALSE(t.is_valid(noon + 4s));
}

TEST(AccessToken, NamesTheVariablesWhenCredentialsAreRefused)
{
    AccessToken t = token();
    try {
        t.accept(answer(400, R"({"error":"invalid_client"})"), noon);
        FAIL();
    } catch (const Failure& e) {
        EXPECT_STREQ(e.what(), "Jibble refused the credentials; check JIBBLE_CLIENT_ID and "
                               "JIBBLE_CLIENT_SECRET");
    }
}

TEST(AccessToken, IsAskedForAgainWhenTheAnswerIsMalformed)
{
    for (const char* body : {"", "[]", "{}", R"({"access_token":5})", R"({"access_token":""})"}) {
        AccessToken t = token();
        EXPECT_THROW(t.accept(answer(200, body), noon), TransientFailure) << body;
    }
}

// RFC 6750's form; another one would end the header that it is in, or begin one of its own.
TEST(AccessToken, RefusesATokenThatWouldBreakItsHeader)
{
    const std::vector<std::string> tokens = {R"(abc\r\nX-Own: 1)",
                                             R"(abc\ndef)",
                                             R"(abc def)",
                                             R"(abc\u0000def)",
                                             R"(abc\u00e9)",
                                             R"(=abc)",
                                             R"(ab=c)",
                                             R"(abc\u007f)",
                                             R"(abc,def)",
                                             R"(\"abc\")",
                                             std::string(20'000, 'x')};
    for (const std::string& bad : tokens) {
        AccessToken t = token();
        try {
            t.accept(answer(200, "{\"access_token\":\"" + bad + "\"}"), noon);
            ADD_FAILURE() << bad;
        } catch (const TransientFailure& e) {
            EXPECT_EQ(std::string(e.what()).find("abc"), std::string::npos) << e.what();
            EXPECT_NE(std::string(e.what()).find("is not a bearer token"), std::string::npos)
                << e.what();
        }
        EXPECT_FALSE(t.is_valid(noon));
        EXPECT_EQ(t.text(), "");
    }
}

TEST(AccessToken, TakesEveryFormThatRfc6750Allows)
{
    for (const char* good : {"a", "eyJhbGciOi.eyJzdWIi.c2ln-_", "ab+/~.=="}) {
        AccessToken t = token();
        t.accept(answer(200, std::string("{\"access_token\":\"") + good + "\"}"), noon);
        EXPECT_EQ(t.text(), good);
    }
}

TEST(AccessToken, IsNotLookedForInAnAnswerThatIsTooDeep)
{
    AccessToken t = token();
    std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    EXPECT_THROW(t.accept(answer(200, "{\"access_token\":\"abc\",\"x\":" + deep + "}"), noon),
                 TransientFailure);
}

TEST(ApiError, IsReadOfNoAnswerThatIsTooDeep)
{
    std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    EXPECT_EQ(parse_api_error(answer(500, "{\"message\":\"m\",\"x\":" + deep + "}")).text, "500");
}
