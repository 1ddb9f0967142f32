#pragma once

#include "values/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace fake
{

struct Property {
    std::string name;
    Type type;
    bool nullable;
};

// The properties of one resource, in the order in which they are served.
struct Schema {
    // As in the path: "TimeEntries".
    std::string resource;
    // The host that serves it: "time-tracking".
    std::string host;
    std::vector<Property> properties;

    // Index of a property, -1 when there is none of that name.
    int find(std::string_view name) const
    {
        for (std::size_t i = 0; i < properties.size(); ++i)
            if (properties[i].name == name)
                return static_cast<int>(i);
        return -1;
    }
};

} // namespace fake
