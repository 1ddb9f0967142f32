#pragma once

namespace timesheetd
{

// What a source no longer shows: kept until a person decides where it could be its mistake, or
// deleted, which --allow-mass-deletion asks for.
enum class MassDeletion { held_back, allowed };

} // namespace timesheetd
