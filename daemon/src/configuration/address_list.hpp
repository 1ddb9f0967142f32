// A variable that lists e-mail addresses.
#pragma once

#include <string>
#include <vector>

namespace timesheetd
{

// The addresses of a list with commas, in lower case, each once and in its order. Throws WrongUsage
// naming the variable and the value for what is no plain address, for none and for more than 20.
std::vector<std::string> parse_address_list(const std::string& variable, const std::string& text);

} // namespace timesheetd
