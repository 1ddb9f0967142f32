// What reading needs: a database that is ours alone to fill, and Jibble.
#pragma once

#include "configuration.hpp"
#include "database.hpp"
#include "jibble_client.hpp"
#include "resource_reader.hpp"

namespace timesheetd
{

class IngestSession
{
  public:
    // Checks the schema and waits for the claim. Throws Failure.
    IngestSession(const Configuration& configuration, JibbleClient& jibble);

    Database& database() { return database_; }
    ResourceReader& reader() { return reader_; }

  private:
    Database database_;
    ResourceReader reader_;
};

} // namespace timesheetd
