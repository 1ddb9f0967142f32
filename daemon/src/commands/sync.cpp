#include "commands/sync.hpp"

#include "alerts/heartbeat.hpp"
#include "commands/limited_pass.hpp"
#include "ingest/ingest.hpp"
#include "ingest/ingest_session.hpp"
#include "process/log.hpp"
#include "process/time_limit.hpp"

namespace timesheetd
{

bool sync(const Configuration& configuration, Window window, MassDeletion mass_deletion)
{
    bool is_live = reaches_present(window);
    JibbleClient jibble(configuration);
    IngestSession session(configuration, jibble);
    log::info("sync of {}", to_text(window));
    IngestOptions options;
    options.mass_deletion = mass_deletion;
    if (has_time_limit())
        return read_within_limit(session,
                                 {"sync", "sync", window, window.days(), false, options}) &&
               is_live;
    RunReport report = ingest(session, "sync", window, options);
    refresh_reports(session.database());
    log::info("sync finished: {}", to_text(report));
    return is_live;
}

} // namespace timesheetd
