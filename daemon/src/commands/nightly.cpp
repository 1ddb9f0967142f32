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

std::string read_nightly(IngestSession& session)
{
    Window window = last_days(nightly_days);
    IngestOptions options;
    options.known_zones = KnownZones::ask;
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

// Whether all days are read, by this call or by those before. From then on the audit is left.
bool read_nightly_within_limit(const Configuration& configuration, Window window)
{
    JibbleClient jibble(configuration);
    IngestSession session(configuration, jibble);
    UnfinishedPasses passes(session.database());
    UnfinishedPass audit = passes.resume(audit_left, window);
    if (audit.slice_days > 0)
        return true;
    audit.slice_days = 1;
    log::info("nightly of {}", to_text(window));
    LimitedPass pass{"nightly", "sync", window, window.days()};
    pass.options.known_zones = KnownZones::ask;
    try {
        if (!read_within_limit(session, pass))
            return false;
    } catch (const ReadUnproven&) {
        passes.keep(audit);
        throw;
    }
    passes.keep(audit);
    return true;
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

void nightly(const Configuration& configuration)
{
    std::exception_ptr unproven;
    Window window = last_days(nightly_days);
    bool is_read = true;
    try {
        if (has_time_limit())
            is_read = read_nightly_within_limit(configuration, window);
        else {
            JibbleClient jibble(configuration);
            IngestSession session(configuration, jibble);
            log::info("nightly of {}", to_text(window));
            log::info("{}", read_nightly(session));
        }
    } catch (const ReadUnproven&) {
        unproven = std::current_exception();
    } // the lock is released: no other pass has to wait for the audit
    try {
        if (is_read && has_time_limit())
            audit_within_limit(configuration, window);
        else if (is_read)
            audit_nightly(configuration);
    } catch (const Stopped& e) {
        log::warn("the last week was not audited: {}; what was read is kept", e.what());
    }
    if (unproven)
        std::rethrow_exception(unproven);
}

} // namespace timesheetd
