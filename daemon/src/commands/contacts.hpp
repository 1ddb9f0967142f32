#pragma once

#include <string>
#include <vector>

#include "configuration/configuration.hpp"
#include "ingest/mass_deletion.hpp"
#include "postgres/database.hpp"

namespace timesheetd
{

// One pass over Airtable: the contacts become what its table says, and what is wrong there is said.
// Throws Failure, and changes nothing, if it cannot be read whole. A list that lost more than half
// is held back: those it does not show are kept, and get no digest, until it shows them again or it
// is allowed.
void fetch_contacts(const Configuration& configuration, Database& database,
                    MassDeletion mass_deletion);

// What was wrong in the contacts' list when it was last read, a line for each of the first, and one
// for how many more there are.
std::vector<std::string> contact_problems(Database& database);

// The command: the same with a connection of its own.
void contacts(const Configuration& configuration,
              MassDeletion mass_deletion = MassDeletion::held_back);

} // namespace timesheetd
