#include "ingest/ingest_session.hpp"

#include "postgres/migrations.hpp"
#include "postgres/session_pooling.hpp"
#include "postgres/spare_session.hpp"

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
    : reader_(from(jibble), configuration.integer("JIBBLE_PAGE_SIZE"), jibble.form_memory()),
      questions_(from(jibble), memory_of_this_process()), lookup_(questions_),
      zone_memory_(zones_of_this_process())
{
    const std::string& url = configuration.text("DATABASE_URL");
    Connecting locking = PassLock::connect(url, LockOf::ingest); // both at the same time
    database_ = std::make_unique<Database>(url);
    require_current_schema(*database_);
    check_session_pooling(*database_, url);
    lock_.emplace(*database_, std::move(locking), LockOf::ingest);
}

IngestSession::~IngestSession()
{
    if (!database_->is_idle())
        database_.reset(); // first, as what it works on is under the lock
    lock_.reset();
    keep_spare_session(std::move(database_));
}

} // namespace timesheetd
