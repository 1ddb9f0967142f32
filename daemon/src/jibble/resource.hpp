// What is read from Jibble: which collections, in which order, with which members.
#pragma once

#include <string>
#include <vector>

#include "jibble/calendar.hpp"
#include "jibble/query_form.hpp"
#include "text/guid.hpp"

namespace timesheetd
{

enum class JibbleHost { workspace, time_tracking, time_attendance };

struct Resource {
    const char* stored_as; // raw_events.resource
    JibbleHost host;
    const char* path; // below /v1/
    // To try in turn, the next one if Jibble refuses one. None: as `order` and `counts` say.
    std::vector<QueryForm> forms = {};
    std::string filter = "";
    std::string key = ""; // the one object to ask for, in the path: "Groups(key)", without a filter
    const char* order = "id asc"; // "" for none
    // A plan or role may lack it (402, 403, 404): then it is left out.
    bool is_optional = false;
    // Where no form of it is accepted (400, 402, 403, 404, a 500 that stays), what was known goes
    // on.
    bool is_dispensable = false;
    // Where it is refused, others show the same: time tracking's people have people_with_zones().
    bool has_fallback = false;
    bool counts = true; // whether $count is asked for
    // An answer that names none of these was given without what it was asked for.
    std::vector<std::string> members = {};
};

// Organisation, groups, people and the rest: always read whole, in this order.
std::vector<Resource> dimension_resources();
// The workspace's people with their time zones, where time tracking does not show those.
Resource people_with_zones();
// Whether people_with_zones() is to be read in its place.
bool is_workspace_people(const Resource& resource);
// Time and hour entries whose date lies in the window.
std::vector<Resource> entry_resources(Window window);
// The resource, to be asked for in one of its forms.
Resource in_form(Resource resource, const QueryForm& form);

} // namespace timesheetd
