#include "commands/nightly.hpp"

#include <exception>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "commands/audit.hpp"
#include "ingest/ingest.hpp"
#include "jibble/calendar.hpp"
#include "jibble/jibble_client.hpp"
#include "process/signals.hpp"

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
        spdlog::warn("the last week was not audited: {}; what was read is kept, and the next "
                     "nightly pass audits again",
                     e.what());
    }
}

void nightly(const Configuration& configuration)
{
    std::exception_ptr unproven;
    try {
        JibbleClient jibble(configuration);
        IngestSession session(configuration, jibble);
        spdlog::info("nightly of {}", to_text(last_days(nightly_days)));
        spdlog::info("{}", read_nightly(session));
    } catch (const ReadUnproven&) {
        unproven = std::current_exception();
    } // the lock is released: no other pass has to wait for the audit
    try {
        audit_nightly(configuration);
    } catch (const Stopped& e) {
        spdlog::warn("the last week was not audited: {}; what was read is kept", e.what());
    }
    if (unproven)
        std::rethrow_exception(unproven);
}

} // namespace timesheetd
