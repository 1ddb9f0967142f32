// The session that a part of a pass has worked in, for the part after it: starting another costs the
// server more than most of what is asked in it.
#pragma once

#include <memory>
#include <string>

#include "postgres/database.hpp"

namespace timesheetd
{

// Keeps it until it is taken, if it can be used further: one of which the schema was checked.
void keep_spare_session(std::unique_ptr<Database> session);

// The one that was kept, or nothing.
std::unique_ptr<Database> take_spare_session();

} // namespace timesheetd
