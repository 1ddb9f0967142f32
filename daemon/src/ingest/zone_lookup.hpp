// People that the workspace lists and time tracking does not: which zones they have is asked for by
// their id. Who gets no answer keeps the zone that was known before.
#pragma once

#include <vector>

#include "ingest/run_store.hpp"
#include "ingest/zone_memory.hpp"
#include "jibble/id_questions.hpp"

namespace timesheetd
{

// Whose zone is known is asked for only to see a change: not in every pass.
enum class KnownZones { leave, ask };

// After `tracked`, time tracking's people, was read whole and showed `with_zones`, and the
// workspace listed `people`. Asks for a bounded number of those that are missing; each gets its
// turn.
void look_up_zones(IdQuestions& questions, RunStore& store, ZoneMemory& memory,
                   const Resource& tracked, const std::vector<Guid>& people,
                   const std::vector<Guid>& with_zones, KnownZones known_zones);

} // namespace timesheetd
