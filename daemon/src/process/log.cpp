#include "process/log.hpp"

#include <cstdio>
#include <memory>

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include "process/scrubber.hpp"
#include "text/json_prelude.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

LogFormat log_format = LogFormat::text;
StatusLine* status_line = nullptr;

void write_line(const std::string& line)
{
    if (status_line)
        status_line->hide();
    // One write: lines of two processes that share a stderr do not mix.
    std::string with_end = line + '\n';
    std::fwrite(with_end.data(), 1, with_end.size(), stderr);
    std::fflush(stderr);
    if (status_line)
        status_line->show();
}

std::string utc(std::chrono::system_clock::time_point time)
{
    auto since_epoch =
        std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
    std::time_t seconds = since_epoch / 1000;
    std::tm fields = {};
    gmtime_r(&seconds, &fields);
    char text[32];
    std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &fields);
    return fmt::format("{}.{:03}Z", std::string_view(text, length), since_epoch % 1000);
}

class Sink : public spdlog::sinks::base_sink<spdlog::details::null_mutex>
{
  protected:
    void sink_it_(const spdlog::details::log_msg& event) override
    {
        std::string message = scrubber().scrub({event.payload.data(), event.payload.size()});
        auto name = spdlog::level::to_string_view(event.level);
        std::string_view level(name.data(), name.size());
        write_line(log_format == LogFormat::json ? json_log_line(event.time, level, message)
                                                 : text_log_line(event.time, level, message));
    }
    void flush_() override {}
};

} // namespace

log::Level log::level_named(const std::string& name)
{
    return static_cast<Level>(spdlog::level::from_str(name));
}

void log::write(Level level, fmt::string_view format, fmt::format_args arguments)
{
    auto spdlog_level = static_cast<spdlog::level::level_enum>(level);
    if (spdlog::should_log(spdlog_level))
        spdlog::log(spdlog_level, fmt::vformat(format, arguments));
}

void start_log(log::Level least, LogFormat format)
{
    log_format = format;
    auto logger = std::make_shared<spdlog::logger>("timesheetd", std::make_shared<Sink>());
    logger->set_level(static_cast<spdlog::level::level_enum>(least));
    spdlog::set_default_logger(logger);
}

void keep_below_log(StatusLine* line)
{
    status_line = line;
}

void report_failure(const std::string& message)
{
    std::string scrubbed = scrubber().scrub(message);
    write_line(log_format == LogFormat::json
                   ? json_log_line(std::chrono::system_clock::now(), "error", scrubbed)
                   : "timesheetd: " + one_line(scrubbed));
}

std::string text_log_line(std::chrono::system_clock::time_point time, std::string_view level,
                          const std::string& message)
{
    return fmt::format("{} {:<7} {}", utc(time), level, one_line(message));
}

std::string json_log_line(std::chrono::system_clock::time_point time, std::string_view level,
                          const std::string& message)
{
    std::string text = visible_in_json(message);
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    auto member = [&](const char* key, std::string_view value) {
        writer.Key(key);
        writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    };
    writer.StartObject();
    member("time", utc(time));
    member("level", level);
    member("message", text);
    writer.EndObject();
    return buffer.GetString();
}

} // namespace timesheetd
