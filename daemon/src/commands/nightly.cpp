#include "commands/nightly.hpp"

#include <exception>

#include <fmt/format.h>

#include "commands/audit.hpp"
#include "commands/limited_pass.hpp"
#include "ingest/ingest.hpp"
#include "ingest/unfinished_passes.hpp"
#include "jibble/calendar.hpp"
#include "jibble/jibble_client.hpp"
#include "process/log.hpp"
#include "process/signals.hpp"
#include "process/time_limit.hpp"

namespace timesheetd
{

namespace
{

constexpr long nightly_days = 35;

} // namespace

std::string read_nightly(IngestSession& session, const std::function<void()>& once_read)
{
    Window window = last_days(nightly_days);
    IngestOptions options;
    options.known_zones = KnownZones::ask;
    options.once_read = once_read;
    RunReport report = ingest(session, "nightly", window, options);
    refresh_reports(session.database());
    return fmt::format("nightly of {} finished: {}", to_text(window), to_text(report));
}

void audit_nightly(const Configuration& configuration)
{
    try {
        audit_last_closed_week(configuration);
    } catch (const Stopped&) {
        throw;
    } catch (const std::exception& e) {
        log::warn("the last week was not audited: {}; what was read is kept, and the next "
                  "nightly pass audits again",
                  e.what());
    }
}

namespace
{

// Of which the audit is left, where the time was up before it was made.
constexpr const char* audit_left = "nightly audit";

// Calls `once_read` when all days are read, by this call or by those before: from then on the audit
// is left, also where something after that fails. Returns whether this call read the last of them.
bool read_nightly_within_limit(const Configuration& configuration, Window window,
                               const std::function<void()>& once_read)
{
    JibbleClient jibble(configuration);
    IngestSession session(configuration, jibble);
    UnfinishedPasses passes(session.database());
    UnfinishedPass audit = passes.resume(audit_left, window);
    if (audit.slice_days > 0) {
        once_read();
        return false;
    }
    audit.slice_days = 1;
    log::info("nightly of {}", to_text(window));
    LimitedPass pass{"nightly", "sync", window, window.days()};
    pass.options.known_zones = KnownZones::ask;
    pass.once_read = [&] {
        passes.keep(audit);
        once_read();
    };
    return read_within_limit(session, pass);
}

void audit_within_limit(const Configuration& configuration, Window window)
{
    try {
        audit_nightly(configuration);
        Database database(configuration.text("DATABASE_URL"));
        UnfinishedPasses passes(database);
        passes.end(passes.resume(audit_left, window), window.until);
    } catch (const TimeIsUp& e) {
        log::info("nightly: all days are read, then {}; left: the audit of the last week; the "
                  "next call of nightly makes it",
                  e.what());
    }
}

} // namespace

bool nightly(const Configuration& configuration)
{
    std::exception_ptr failure; // after which the audit is made all the same
    Window window = last_days(nightly_days);
    bool is_read = false;
    bool is_live = false;
    auto once_read = [&] { is_read = true; };
    try {
        if (has_time_limit())
            is_live = read_nightly_within_limit(configuration, window, once_read);
        else {
            JibbleClient jibble(configuration);
            IngestSession session(configuration, jibble);
            log::info("nightly of {}", to_text(window));
            log::info("{}", read_nightly(session, once_read));
            is_live = true;
        }
    } catch (const Stopped&) {
        throw;
    } catch (const std::exception&) {
        if (!is_read)
            throw;
        failure = std::current_exception();
    } // the lock is released: no other pass has to wait for the audit
    try {
        if (is_read && has_time_limit())
            audit_within_limit(configuration, window);
        else if (is_read)
            audit_nightly(configuration);
    } catch (const Stopped& e) {
        log::warn("the last week was not audited: {}; what was read is kept", e.what());
    }
    if (failure)
        std::rethrow_exception(failure);
    return is_live;
}

} // namespace timesheetd
