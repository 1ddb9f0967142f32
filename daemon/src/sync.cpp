#include "sync.hpp"

#include "ingest.hpp"
#include "ingest_session.hpp"

namespace timesheetd
{

void sync(const Configuration& configuration, Window window)
{
    JibbleClient jibble(configuration);
    IngestSession session(configuration, jibble);
    spdlog::info("sync of {}", to_text(window));
    RunReport report =
        ingest(session.database(), session.reader(), "sync", window, Dimensions::read);
    spdlog::info("sync finished: {}", to_text(report));
}

} // namespace timesheetd
