// People that the workspace lists and time tracking does not: which zones they have is asked for by
// their id. Who gets no answer keeps the zone that was known before.
#pragma once

#include <vector>

#include "ingest/run_store.hpp"
#include "jibble/id_questions.hpp"

namespace timesheetd
{

// After `tracked`, time tracking's people, was read whole and showed `with_zones`, and the workspace
// listed `people`. Asks for a bounded number of those that are missing; each gets its turn.
void look_up_zones(IdQuestions& questions, RunStore& store, const Resource& tracked,
                   const std::vector<Guid>& people, const std::vector<Guid>& with_zones);

} // namespace timesheetd
