#include "commands/sync.hpp"

#include "commands/limited_pass.hpp"
#include "ingest/ingest.hpp"
#include "ingest/ingest_session.hpp"
#include "process/log.hpp"
#include "process/time_limit.hpp"

namespace timesheetd
{

void sync(const Configuration& configuration, Window window, MassDeletion mass_deletion)
{
    JibbleClient jibble(configuration);
    IngestSession session(configuration, jibble);
    log::info("sync of {}", to_text(window));
    IngestOptions options;
    options.mass_deletion = mass_deletion;
    if (has_time_limit()) {
        read_within_limit(session, {"sync", "sync", window, window.days(), false, options});
        return;
    }
    RunReport report = ingest(session, "sync", window, options);
    refresh_reports(session.database());
    log::info("sync finished: {}", to_text(report));
}

} // namespace timesheetd
