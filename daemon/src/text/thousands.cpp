#include "text/thousands.hpp"

namespace timesheetd
{

std::string thousands(long long number)
{
    std::string text = std::to_string(number);
    std::size_t first_digit = number < 0 ? 1 : 0;
    for (std::size_t at = text.size(); at > first_digit + 3;)
        text.insert(at -= 3, ",");
    return text;
}

} // namespace timesheetd
