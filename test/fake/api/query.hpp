#pragma once

#include "api/filter.hpp"

#include <string>
#include <utility>
#include <vector>

namespace fake
{

using Parameters = std::vector<std::pair<std::string, std::string>>;

// Splits "a=b&c=d" and undoes + and %xx; throws ApiError for a broken %xx.
Parameters parse_parameters(std::string_view text);

// The query options of one request, checked against the resource's schema.
struct Query {
    struct Order {
        int property;
        bool descending;
    };

    Filter filter;
    // The texts behind filter and order: equal texts mean equal lists of rows.
    std::string list_key;
    std::vector<Order> order;
    // Properties to serve; all of them when `everything`.
    std::vector<int> selected;
    bool everything = true;
    bool count = false;
    std::size_t top = 0;
    // $top as it was asked for, before it was cut.
    std::size_t asked_top = 0;
    std::size_t skip = 0;
    // Answered with an empty list, whatever there is.
    bool finds_nothing = false;
};

// Throws ApiError for anything Jibble would refuse. $top is cut to `page_cap`.
Query parse_query(const Schema& schema, const Parameters& parameters, std::size_t page_cap);

} // namespace fake
