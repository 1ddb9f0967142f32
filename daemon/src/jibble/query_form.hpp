// The ways in which one collection can be asked for, the best first: what of the query differs.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace timesheetd
{

// Nothing here was seen with every account; the later a form is in its list, the less it asks.
struct QueryForm {
    std::string select = "";       // "" for whole objects
    const char* order = "id asc";  // "" for none
    bool counts = true;            // whether $count is asked for
    long largest_page = 1'000'000; // of $top

    // Whether rows may be equal in the order, so that the server may show them in any.
    bool has_ties() const;
    // "$orderby=id asc, $count=true, $top=1000"
    std::string describe(long top, bool with_select) const;
};

// What a process has learned of how it may ask, by lists of forms.
struct FormMemory {
    std::map<std::string, std::size_t> accepted; // the form in use
    std::set<std::string> given_up;              // others are used in place of these
    std::set<std::string> warned_of;             // refusals that did not end the reading
};

// First by id with a count, which is the surest to read by but was never seen; then by an order
// that others use; then without a count; last in small pages, by `last_order`.
std::vector<QueryForm> query_forms(const std::string& select, const char* documented_order,
                                   const char* last_order);

} // namespace timesheetd
