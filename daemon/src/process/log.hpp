// The log: lines on stderr, as text or JSON. Secrets are hidden here, so that no caller can forget.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <spdlog/spdlog.h>

namespace timesheetd
{

enum class LogFormat { text, json };

// Something drawn on the terminal's last line, such as a progress bar, that log lines must not
// tear.
class StatusLine
{
  public:
    virtual ~StatusLine() = default;
    virtual void hide() = 0;
    virtual void show() = 0;
};

// From now on spdlog's functions write to stderr in this format.
void start_log(spdlog::level::level_enum least, LogFormat format);
// Keeps `line` below the log; null ends that.
void keep_below_log(StatusLine* line);
// The last line of a command that failed: "timesheetd: …", or a line of JSON.
void report_failure(const std::string& message);

// Both without the line end. Time: UTC, milliseconds.
std::string text_log_line(std::chrono::system_clock::time_point time, std::string_view level,
                          const std::string& message);
std::string json_log_line(std::chrono::system_clock::time_point time, std::string_view level,
                          const std::string& message);

} // namespace timesheetd
