// What reading needs: a database that is ours alone to fill, and Jibble.
#pragma once

#include <memory>
#include <optional>

#include "configuration/configuration.hpp"
#include "ingest/object_lookup.hpp"
#include "ingest/zone_memory.hpp"
#include "jibble/id_questions.hpp"
#include "jibble/jibble_client.hpp"
#include "jibble/resource_reader.hpp"
#include "postgres/database.hpp"
#include "postgres/pass_lock.hpp"

namespace timesheetd
{

class IngestSession
{
  public:
    // Checks the schema and waits for the ingest lock. Throws Failure.
    IngestSession(const Configuration& configuration, JibbleClient& jibble);
    // Leaves its session of the database to what follows the pass.
    ~IngestSession();
    IngestSession(const IngestSession&) = delete;
    IngestSession& operator=(const IngestSession&) = delete;

    Database& database() { return *database_; }
    ResourceReader& reader() { return reader_; }
    IdQuestions& questions() { return questions_; }
    ObjectLookup& lookup() { return lookup_; }
    ZoneMemory& zone_memory() { return zone_memory_; } // of this process
    PassLock& lock() { return *lock_; }

  private:
    std::unique_ptr<Database> database_;
    ResourceReader reader_;
    IdQuestions questions_;
    ObjectLookup lookup_;
    ZoneMemory& zone_memory_;
    std::optional<PassLock> lock_;
};

} // namespace timesheetd
