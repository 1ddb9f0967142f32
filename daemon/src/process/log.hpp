// The log: lines on stderr, as text or JSON. Secrets are hidden here, so that no caller can forget.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <fmt/core.h>

namespace timesheetd
{

// Lines of the log, as log::info("{} entries", count). The text is composed in log.cpp, as spdlog's
// own functions with arguments take five seconds to compile in every file that calls them.
namespace log
{

enum class Level { trace, debug, info, warn, error }; // in spdlog's order

// Of trace, debug, info, warning, error.
Level level_named(const std::string& name);

void write(Level level, fmt::string_view format, fmt::format_args arguments);

template <typename... Arguments>
void at(Level level, fmt::format_string<Arguments...> format, Arguments&&... arguments)
{
    write(level, format, fmt::make_format_args(arguments...));
}
template <typename... Arguments>
void debug(fmt::format_string<Arguments...> format, Arguments&&... arguments)
{
    write(Level::debug, format, fmt::make_format_args(arguments...));
}
template <typename... Arguments>
void info(fmt::format_string<Arguments...> format, Arguments&&... arguments)
{
    write(Level::info, format, fmt::make_format_args(arguments...));
}
template <typename... Arguments>
void warn(fmt::format_string<Arguments...> format, Arguments&&... arguments)
{
    write(Level::warn, format, fmt::make_format_args(arguments...));
}
template <typename... Arguments>
void error(fmt::format_string<Arguments...> format, Arguments&&... arguments)
{
    write(Level::error, format, fmt::make_format_args(arguments...));
}

} // namespace log

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

// From now on log lines go to stderr in this format.
void start_log(log::Level least, LogFormat format);
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
