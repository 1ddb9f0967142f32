#include "process/log.hpp"

#include <gtest/gtest.h>

#include "process/scrubber.hpp"
#include "text/json_prelude.hpp"

using namespace timesheetd;
using namespace std::chrono_literals;

namespace
{

constexpr std::chrono::system_clock::time_point noon(1773142245007ms);

} // namespace

TEST(LogLine, HasTimeLevelAndMessageAsJson)
{
    EXPECT_EQ(
        json_log_line(noon, "info", "schema is at version 12"),
        "{\"time\":\"2026-03-10T11:30:45.007Z\",\"level\":\"info\",\"message\":\"schema is at "
        "version 12\"}");
}

TEST(LogLine, EscapesWhateverTheMessageHolds)
{
    std::string message("quote \" backslash \\ line\nend \x01 nul \0 bad \xff", 42);
    std::string line = json_log_line(noon, "error", message);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    rapidjson::Document document;
    document.Parse(line.c_str());
    ASSERT_FALSE(document.HasParseError());
    EXPECT_STREQ(document["message"].GetString(),
                 "quote \" backslash \\ line\nend \x01 nul \xEF\xBF\xBD bad \xEF\xBF\xBD");
}

TEST(LogLine, StaysOneLineAsText)
{
    EXPECT_EQ(text_log_line(noon, "warning", "a\nb\x1b[31m"),
              "2026-03-10T11:30:45.007Z warning a b [31m");
}

TEST(Log, HidesSecrets)
{
    start_log(log::Level::info, LogFormat::text);
    scrubber().hide("log test", "topsecret");
    testing::internal::CaptureStderr();
    log::info("the password is {}", "topsecret");
    report_failure("not topsecret");
    std::string shown = testing::internal::GetCapturedStderr();
    EXPECT_EQ(shown.find("topsecret"), std::string::npos);
    EXPECT_NE(shown.find("the password is ***"), std::string::npos);
    EXPECT_NE(shown.find("timesheetd: not ***\n"), std::string::npos);
}

TEST(Log, LeavesOffWhatIsBelowTheLevel)
{
    start_log(log::Level::warn, LogFormat::text);
    testing::internal::CaptureStderr();
    log::info("quiet");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Log, IsNotTornByAStatusLine)
{
    struct Line : StatusLine {
        void hide() override { std::fputs("<hide>", stderr); }
        void show() override { std::fputs("<show>", stderr); }
    } line;
    start_log(log::Level::info, LogFormat::json);
    keep_below_log(&line);
    testing::internal::CaptureStderr();
    report_failure("x");
    keep_below_log(nullptr);
    std::string shown = testing::internal::GetCapturedStderr();
    EXPECT_EQ(shown.substr(0, 7), "<hide>{");
    EXPECT_EQ(shown.substr(shown.size() - 8), "}\n<show>");
}

TEST(LogLine, LosesWhatIsNotSeenInBothFormats)
{
    std::string message = "Ann \u202e\u009b31mBob\u2028\u200b";
    EXPECT_EQ(text_log_line(noon, "info", message),
              "2026-03-10T11:30:45.007Z info    Ann  31mBob ");
    EXPECT_EQ(
        json_log_line(noon, "info", message),
        "{\"time\":\"2026-03-10T11:30:45.007Z\",\"level\":\"info\",\"message\":\"Ann  31mBob \"}");
}
