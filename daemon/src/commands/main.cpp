// timesheetd. Exit status: 0 success, 1 failed or stopped by a signal, 2 wrong usage or
// configuration, 75 another pass holds the lock of this command.
#include <csignal>
#include <exception>
#include <string>

#include <fmt/format.h>

#include "commands/command_line.hpp"
#include "configuration/configuration.hpp"
#include "process/failure.hpp"
#include "process/log.hpp"
#include "process/signals.hpp"
#include "process/standard_streams.hpp"

namespace timesheetd
{

namespace
{

constexpr int failed = 1;
constexpr int wrong_usage = 2;
constexpr int lock_held = 75; // EX_TEMPFAIL: another time it may work

void run(int count, char** arguments)
{
    CommandLine line = parse_command_line(count, arguments);
    if (!line.command) {
        print_output(line.help);
        finish_output();
        return;
    }
    Variables variables = variables_from_environment();
    std::string warning;
    if (!line.config_file.empty()) // keeps what the environment has
        variables.merge(variables_from_file(line.config_file, &warning));
    start_log(log_level_of(variables), log_format_of(variables));
    if (!warning.empty())
        log::warn("{}", warning);
    Configuration configuration(std::move(variables));
    catch_stop_signals();
    line.command(configuration);
    finish_output();
}

} // namespace

} // namespace timesheetd

int main(int count, char** arguments)
{
    using namespace timesheetd;
    open_standard_descriptors();
    std::signal(SIGPIPE, SIG_IGN); // a pipe that was closed is a write that failed
    try {
        run(count, arguments);
        return 0;
    } catch (const WrongUsage& e) {
        report_failure(e.what());
        return wrong_usage;
    } catch (const LockHeld& e) {
        report_failure(e.what());
        return lock_held;
    } catch (const TimeIsUp& e) { // before there was anything to go on with
        report_failure(
            fmt::format("{}: nothing was done; give --time-limit more seconds", e.what()));
        return failed;
    } catch (const std::exception& e) {
        report_failure(e.what());
        return failed;
    }
}
