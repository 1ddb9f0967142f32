#pragma once

#include "configuration.hpp"
#include "database.hpp"

namespace timesheetd
{

// One pass over Airtable: the contacts become what its table says, and what is wrong there is said.
// Throws Failure, and changes nothing, if it cannot be read whole.
void fetch_contacts(const Configuration& configuration, Database& database);

// The command: the same with a connection of its own.
void contacts(const Configuration& configuration);

} // namespace timesheetd
