// Jibble's own hours: its TimesheetsSummary of many people, as few requests as it takes.
#pragma once

#include <string>
#include <vector>

#include "jibble/calendar.hpp"
#include "jibble/jibble_client.hpp"
#include "postgres/text_array.hpp"
#include "text/guid.hpp"

namespace timesheetd
{

struct Summaries {
    TextArray objects;     // one for each person that Jibble's answers name
    std::size_t named = 0; // how many these are
    TextArray refused;     // the ids of people whom it refused to answer for
    TextArray refusals;    // what it said then
    std::size_t refused_count = 0;
    std::string last_refusal; // "" if there was none
    TextArray unreadable;     // the ids of people whose answer stayed one that makes no sense
    TextArray faults;         // what is wrong with it
    std::string last_fault;   // "" if there was none
};

// Asks for the days of the window, twenty people a request, and singly where that is refused by 400,
// 403, 404 or a 500 that stays, or the answer stays malformed. Throws RefusedByJibble if it is refused for another reason than the
// people (401, 402), another Failure once all attempts are used up, or Stopped.
Summaries read_summaries(JibbleClient& jibble, Window window, const std::vector<Guid>& people);

} // namespace timesheetd
