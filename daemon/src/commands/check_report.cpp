#include "commands/check_report.hpp"

#include <fmt/format.h>

#include "process/failure.hpp"
#include "process/scrubber.hpp"
#include "process/standard_streams.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

void CheckReport::piece(const char* name, const std::function<std::string()>& test)
{
    try {
        line("ok", name, test());
    } catch (const Stopped&) {
        throw;
    } catch (const std::exception& e) {
        failure(name, e.what());
    }
}

void CheckReport::failure(const char* name, const std::string& text)
{
    line("failed", name, text);
    ++failed_;
}

void CheckReport::line(const char* state, const char* name, const std::string& text)
{
    print_output(fmt::format("{:<8}{:<10}{}\n", state, name, one_line(scrubber().scrub(text))));
}

} // namespace timesheetd
