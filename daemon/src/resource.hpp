// What is read from Jibble: which collections, in which order, with which members.
#pragma once

#include <string>
#include <vector>

#include "calendar.hpp"
#include "guid.hpp"

namespace timesheetd
{

enum class JibbleHost { workspace, time_tracking, time_attendance };

struct Resource {
    const char* stored_as; // raw_events.resource
    JibbleHost host;
    const char* path; // below /v1/
    // Values of $select to try in turn, the next one if Jibble answers 400. None: whole objects.
    std::vector<std::string> selects = {};
    std::string filter = "";
    const char* order = "id asc"; // a total order, without which paging loses rows; "" for none
    // A plan or role may lack it (402, 403, 404): then it is left out.
    bool is_optional = false;
};

// Organisation, groups, people and the rest: always read whole, in this order.
std::vector<Resource> dimension_resources();
// Time and hour entries whose date lies in the window.
std::vector<Resource> entry_resources(Window window);
// The one object of the resource that has this id, wherever its date lies.
Resource only(Resource resource, const Guid& id);

} // namespace timesheetd
