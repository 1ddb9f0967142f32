#pragma once

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

// The command: the same with a connection of its own.
void contacts(const Configuration& configuration,
              MassDeletion mass_deletion = MassDeletion::held_back);

} // namespace timesheetd
