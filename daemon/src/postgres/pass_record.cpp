#include "postgres/pass_record.hpp"

#include "process/failure.hpp"
#include "process/log.hpp"
#include "process/scrubber.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr std::size_t max_error = 500;

// What fails here, most likely as the connection is lost, must not hide how the pass ended.
void record(Database& database, const char* command, const char* error)
{
    try {
        Uncancellable also_at_the_end(database);
        database.query("SELECT timesheet.record_pass($1, $2)", {command, error});
    } catch (const std::exception& e) {
        log::debug("how {} ended could not be recorded: {}", command, e.what());
    }
}

} // namespace

void recorded_pass(Database& database, const char* command, const std::function<void()>& work)
{
    try {
        work();
    } catch (const Stopped&) {
        throw;
    } catch (const LockHeld&) {
        throw;
    } catch (const std::exception& e) {
        std::string error = one_line(scrubber().scrub(e.what()), max_error);
        record(database, command, error.c_str());
        throw;
    }
    record(database, command, nullptr);
}

} // namespace timesheetd
