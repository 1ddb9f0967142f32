#include "http/secret_url.hpp"

#include <gtest/gtest.h>

#include "configuration/configuration.hpp"
#include "process/failure.hpp"
#include "process/scrubber.hpp"

using namespace timesheetd;

namespace
{

std::string complaint_about(const std::string& url)
{
    try {
        check_secret_url("HEARTBEAT_URL", url);
    } catch (const WrongUsage& e) {
        return e.what();
    }
    return "none";
}

} // namespace

TEST(SecretUrl, IsHttpsOrOnThisMachine)
{
    for (const char* url :
         {"https://hc-ping.com/2f1c9a64-7e0b-4c53-9a5e-0d3f6b8e1a77", "https://example.com",
          "https://example.com/a/?b=c@d&e=%2F//f/", "http://127.0.0.1:8080/x", "http://[::1]/x",
          "http://localhost/x", "https://prod-01.logic.azure.com:443/w?sp=%2Ftriggers&sig=a-b_c"})
        EXPECT_EQ(complaint_about(url), "none") << url;
}

TEST(SecretUrl, ThatIsNoneIsNamedAndNotShown)
{
    for (const char* url :
         {"http://example.com/hush", "ftp://example.com/hush", "hush", "example.com/hush",
          "https://ann:hush@example.com/x", "https://hush@example.com/x",
          "https://example.com/hush#part", "https://example.com/hush and more",
          "https://example.com/hush\xc3\xa9", "https://", "//example.com/hush"}) {
        std::string said = complaint_about(url);
        EXPECT_EQ(said.rfind("HEARTBEAT_URL: ", 0), 0U) << url << ": " << said;
        EXPECT_EQ(said.find("hush"), std::string::npos) << said;
        EXPECT_NE(said.find("; "), std::string::npos) << said; // what to do
    }
}

TEST(SecretUrl, IsKeptExactly)
{
    const char* url = "https://example.com/a//b/../c/?q=1&r=%2f/";
    EXPECT_EQ(Configuration(Variables{{"HEARTBEAT_URL", url}}).text("HEARTBEAT_URL"), url);
}

TEST(SecretUrl, IsHiddenWithItsPieces)
{
    const std::string key = "2f1c9a64-7e0b-4c53-9a5e-0d3f6b8e1a77";
    hide_secret_url("HEARTBEAT_URL", "https://hc.example.com/ping/" + key + "?sig=0123456789");
    EXPECT_EQ(scrubber().scrub("https://hc.example.com/ping/" + key + "?sig=0123456789"), "***");
    EXPECT_EQ(scrubber().scrub("GET /ping/" + key + "?sig=0123456789"), "GET ***");
    EXPECT_EQ(scrubber().scrub("no check " + key + " and no 0123456789"),
              "no check *** and no ***");
    EXPECT_EQ(scrubber().scrub("hc.example.com/ping"), "hc.example.com/ping");
}
