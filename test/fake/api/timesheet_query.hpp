#pragma once

#include "api/query.hpp"

#include <optional>
#include <set>

namespace fake
{

// What a request for time sheets asks for.
struct TimesheetQuery {
    // Both included.
    Days first = 0;
    Days last = 0;
    // Everybody when absent.
    std::optional<std::set<Guid>> people;
    // How many times personIds was given.
    std::size_t people_asked = 0;
    Query page;
};

// Throws ApiError for anything Jibble would refuse. $top is cut to `page_cap`.
TimesheetQuery parse_timesheet_query(const Schema& schema, const Parameters& parameters,
                                     std::size_t page_cap);

} // namespace fake
