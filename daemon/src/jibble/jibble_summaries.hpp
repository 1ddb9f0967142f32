// Jibble's own hours: its TimesheetsSummary of many people, as few requests as it takes.
#pragma once

#include <string>
#include <vector>

#include "jibble/calendar.hpp"
#include "jibble/jibble_client.hpp"
#include "text/guid.hpp"

namespace timesheetd
{

struct PersonFault {
    Guid person;
    std::string text;
};

struct Summaries {
    std::vector<std::string> objects; // one for each person that Jibble's answers name
    std::size_t named = 0;            // how many these are
    std::vector<PersonFault> refused; // people it refused to answer for, and what it said then
    std::vector<PersonFault>
        unreadable; // whose answer could not be read, and what is wrong with it
};

// Asks for the days of the window, twenty people a request, and singly where that is refused by
// 400, 403, 404 or a 500 that stays, or the answer stays malformed. Throws RefusedByJibble if it
// is refused for another reason than the people (401, 402), another Failure once all attempts are
// used up, or Stopped.
Summaries read_summaries(JibbleClient& jibble, Window window, const std::vector<Guid>& people);

} // namespace timesheetd
