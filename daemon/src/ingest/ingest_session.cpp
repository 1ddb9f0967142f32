#include "ingest/ingest_session.hpp"

#include "postgres/migrations.hpp"
#include "postgres/session_pooling.hpp"

namespace timesheetd
{

namespace
{

ResourceReader::Fetch from(JibbleClient& jibble)
{
    return [&jibble](const Resource& resource, const std::string& select, std::uint64_t skip,
                     long top) { return jibble.fetch(resource, select, skip, top); };
}

QuestionMemory& memory_of_this_process()
{
    static QuestionMemory memory;
    return memory;
}

ZoneMemory& zones_of_this_process()
{
    static ZoneMemory memory;
    return memory;
}

} // namespace

IngestSession::IngestSession(const Configuration& configuration, JibbleClient& jibble)
    : database_(configuration.text("DATABASE_URL")),
      reader_(from(jibble), configuration.integer("JIBBLE_PAGE_SIZE"), jibble.form_memory()),
      questions_(from(jibble), memory_of_this_process()), lookup_(questions_),
      zone_memory_(zones_of_this_process())
{
    require_current_schema(database_);
    check_session_pooling(database_, configuration.text("DATABASE_URL"));
    lock_.emplace(database_, configuration.text("DATABASE_URL"), LockOf::ingest);
}

} // namespace timesheetd
