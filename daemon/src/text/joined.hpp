#pragma once

#include <string>
#include <string_view>

namespace timesheetd
{

// Appends an item to a list in a text, after a separator where it is not the first.
inline void append_item(std::string& list, std::string_view item, std::string_view separator = "; ")
{
    if (!list.empty())
        list += separator;
    list += item;
}

} // namespace timesheetd
